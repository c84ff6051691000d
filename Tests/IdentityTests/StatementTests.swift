import Postgres
import Support
import Testing

@testable import Identity

@Suite struct StatementTests {
    @Test func `every statement prepares, with the types its Swift says`() async throws {
        try await withDatabase { database in
            let mismatches = try await StatementCheck.verify(IdentityModule.statements, on: database)
            #expect(mismatches.isEmpty, "\(mismatches)")
        }
    }
}
