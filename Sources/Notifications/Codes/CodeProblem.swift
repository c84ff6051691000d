import Service

/// Refusals of one-time codes.
package enum CodeProblem: String, ProblemKind {
    case codeInvalid = "code_invalid"
    case codeExpired = "code_expired"
    case codeTooSoon = "code_too_soon"
    case codeLocked = "code_locked"
    case tooManyCodes = "too_many_codes"

    package var status: Int {
        switch self {
        case .codeInvalid, .codeExpired: 401
        case .codeTooSoon, .codeLocked, .tooManyCodes: 429
        }
    }

    package var detail: String {
        switch self {
        case .codeInvalid: "This is not the code."
        case .codeExpired: "This code does not hold any more; ask for a new one."
        case .codeTooSoon: "A code was sent less than a minute ago."
        case .codeLocked: "The code was guessed too often; ask for a new one."
        case .tooManyCodes: "Too many codes were asked for; try again later."
        }
    }
}
