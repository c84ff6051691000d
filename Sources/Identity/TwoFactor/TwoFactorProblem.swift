import Service

/// Refusals around second factors.
package enum TwoFactorProblem: String, ProblemKind {
    case twoFactorRequired = "two_factor_required"
    case twoFactorOn = "two_factor_on"
    case twoFactorOff = "two_factor_off"
    case emailUnconfirmed = "email_unconfirmed"

    package var status: Int {
        switch self {
        case .twoFactorRequired: 401
        case .twoFactorOn, .twoFactorOff, .emailUnconfirmed: 409
        }
    }

    package var detail: String {
        switch self {
        case .twoFactorRequired: "The account asks for a second proof."
        case .twoFactorOn: "The account asks for a second proof already; turn that off first."
        case .twoFactorOff: "The account asks for no second proof."
        case .emailUnconfirmed: "Confirm the account's e-mail address first."
        }
    }
}
