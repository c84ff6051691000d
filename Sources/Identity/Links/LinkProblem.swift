import Service

/// Refusals of links.
package enum LinkProblem: String, ProblemKind {
    case tokenInvalid = "token_invalid"
    case emailTaken = "email_taken"

    package var status: Int {
        switch self {
        case .tokenInvalid: 422
        case .emailTaken: 409
        }
    }

    package var detail: String {
        switch self {
        case .tokenInvalid: "This link does not work, or not any more; ask for a new one."
        case .emailTaken: "Another account has confirmed this address."
        }
    }
}
