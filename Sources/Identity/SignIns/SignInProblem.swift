import Service

/// Refusals of signing in.
package enum SignInProblem: String, ProblemKind {
    case invalidCredentials = "invalid_credentials"
    case accountSuspended = "account_suspended"
    case accountBanned = "account_banned"
    case tooManyAttempts = "too_many_attempts"
    case tokenInvalid = "token_invalid"
    case registrationClosed = "registration_closed"
    case emailTaken = "email_taken"
    case termsNotAccepted = "terms_not_accepted"

    package var status: Int {
        switch self {
        case .invalidCredentials, .tokenInvalid: 401
        case .accountSuspended, .accountBanned, .registrationClosed: 403
        case .emailTaken: 409
        case .termsNotAccepted: 422
        case .tooManyAttempts: 429
        }
    }

    package var detail: String {
        switch self {
        case .invalidCredentials: "The address or the password is not right."
        case .accountSuspended: "This account is suspended."
        case .accountBanned: "This account is banned."
        case .tooManyAttempts: "Too many failed attempts; signing in is locked for a while."
        case .tokenInvalid: "The token is not valid, or not any more."
        case .registrationClosed: "New accounts are not accepted at the moment."
        case .emailTaken: "There is an account with this e-mail address already."
        case .termsNotAccepted: "An account needs the terms to be accepted."
        }
    }
}
