import Postgres
import Support
import Testing

@testable import Realtime

@Suite struct StatementTests {
    @Test func everyStatementFitsItsTypes() async throws {
        try await withDatabase(.migrated) { database in
            for mismatch in try await StatementCheck.verify(RealtimeModule.statements, on: database) { Issue.record("\(mismatch)") }
        }
    }
}
