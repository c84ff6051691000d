import Postgres
import Service
import Values

/// What a person at the terminal is told of an error.
enum ErrorText {
    static func of(_ error: any Error) -> String {
        switch error {
        case let problem as Problem:
            problem.errors.isEmpty
                ? problem.detail : problem.errors.map { "\($0.field): \($0.message)" }.joined(separator: "\n")
        case let kind as any ProblemKind: of(kind.problem)
        case let input as InvalidInput: input.errors.map { "\($0.field): \($0.message)" }.joined(separator: "\n")
        case let failure as DatabaseError: of(failure)
        default: "\(error)"
        }
    }

    private static func of(_ failure: DatabaseError) -> String {
        switch failure.kind {
        case .refused: "the database has refused a statement: \(failure)"
        case .connectionLost: "the connection to the database was lost: \(failure.message)"
        case .unavailable: "the database cannot be reached: \(failure.message)"
        case .overloaded: "the database is overloaded: \(failure.message)"
        }
    }
}
