import Postgres
import Testing

@testable import Service

@Suite struct ProblemReportTests {
    /// What the database says about a value is the request's fault; what it says about itself is not.
    @Test(arguments: [
        ("22P05", 422, "invalid_input"), ("22003", 422, "invalid_input"), ("22021", 422, "invalid_input"),
        ("23505", 409, "conflict"), ("40001", 503, "overloaded"), ("42P01", 500, "internal_error"),
    ]) func whatTheDatabaseSays(_ state: String, _ status: Int, _ code: String) {
        let problem = ProblemReport.problem(for: DatabaseError(SQLState(rawValue: state), "no"))
        #expect(problem.status == status && problem.code == code)
    }
}
