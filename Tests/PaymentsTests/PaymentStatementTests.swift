import Postgres
import Support
import Testing

@testable import Payments

@Suite struct PaymentStatementTests {
    @Test func everyStatementFitsTheDatabase() async throws {
        try await withDatabase { database in
            let mismatches = try await StatementCheck.verify(PaymentsModule.statements, on: database)
            for mismatch in mismatches { Issue.record("\(mismatch)") }
        }
    }
}
