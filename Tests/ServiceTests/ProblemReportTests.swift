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

    /// A rule of the database that no module has foreseen is the operator's to hear of, though the client hears of a conflict.
    @Test(arguments: [("23505", true), ("23P01", true), ("22003", false), ("40001", false)])
    func whatNobodyHasForeseen(_ state: String, _ isUnforeseen: Bool) {
        #expect(ProblemReport.isUnforeseen(DatabaseError(SQLState(rawValue: state), "no")) == isUnforeseen)
        #expect(!ProblemReport.isUnforeseen(HouseProblem.conflict))
    }
}
