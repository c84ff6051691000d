import Service

/// Refusals around accounts.
package enum UserProblem: String, ProblemKind {
    case emailTaken = "email_taken"
    case phoneTaken = "phone_taken"
    case alreadySuspended = "already_suspended"
    case alreadyBanned = "already_banned"
    case notSuspended = "not_suspended"
    case userDeleted = "user_deleted"
    case deletionBlocked = "deletion_blocked"
    case emailUnconfirmed = "email_unconfirmed"
    case ownAccount = "own_account"
    case wrongPassword = "wrong_password"
    case samePassword = "same_password"
    case addressRequired = "address_required"
    case passwordOrInvitation = "password_or_invitation"
    case personRequired = "person_required"

    package var status: Int {
        switch self {
        case .emailTaken, .phoneTaken, .alreadySuspended, .alreadyBanned, .notSuspended, .userDeleted, .deletionBlocked,
            .emailUnconfirmed: 409
        case .ownAccount, .personRequired: 403
        case .wrongPassword, .samePassword, .addressRequired, .passwordOrInvitation: 422
        }
    }

    package var detail: String {
        switch self {
        case .emailTaken: "There is an account with this e-mail address already."
        case .phoneTaken: "There is an account with this phone number already."
        case .alreadySuspended: "The account is suspended already."
        case .alreadyBanned: "The account is banned already."
        case .notSuspended: "The account is neither suspended nor banned."
        case .userDeleted: "The account has been deleted."
        case .deletionBlocked: "Something of the account is not done with yet; see reasons."
        case .emailUnconfirmed: "Whoever has this account has to confirm its e-mail address first."
        case .ownAccount: "Nobody does this to his own account."
        case .wrongPassword: "This is not the current password."
        case .samePassword: "The new password is the current one."
        case .addressRequired: "An account needs an e-mail address or a phone number."
        case .passwordOrInvitation: "Give a password, or an e-mail address that an invitation can go to."
        case .personRequired: "An API key may not do this; sign in yourself."
        }
    }
}
