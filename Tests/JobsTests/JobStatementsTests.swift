import Postgres
import Support
import Testing

@testable import Jobs

@Suite struct JobStatementsTests {
    @Test func everyStatementFitsTheSchema() async throws {
        let mismatches = try await withDatabase { try await StatementCheck.verify(JobStatements.samples, on: $0) }
        #expect(mismatches.map { "\($0.statement): \($0.reason)" } == [])
    }
}
