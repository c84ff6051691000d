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
        default: "\(error)"
        }
    }
}
