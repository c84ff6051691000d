import Postgres
import Support
import Testing

@testable import Condominiums

/// Every statement of the product prepares, and its binds and columns are of the Swift types.
@Suite struct StatementTests {
    @Test func statementsFitTheTables() async throws {
        let mismatches = try await withDatabase {
            try await StatementCheck.verify(CondominiumsModule.statements, on: $0)
        }
        #expect(mismatches.map(\.description) == [])
    }
}
