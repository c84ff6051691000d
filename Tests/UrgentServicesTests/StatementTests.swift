import Postgres
import Support
import Testing

@testable import UrgentServices

/// Every statement of the board prepares, and its binds and columns are of the Swift types.
@Suite struct UrgentStatementTests {
    @Test func statementsFitTheTables() async throws {
        let mismatches = try await withDatabase { try await StatementCheck.verify(UrgentServicesModule.statements, on: $0) }
        #expect(mismatches.map(\.description) == [])
    }
}
