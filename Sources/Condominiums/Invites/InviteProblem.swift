import Service

/// Every expected refusal of an invitation.
enum InviteProblem: String, ProblemKind, CaseIterable {
    case inviteExists = "invite_exists"
    case emailMismatch = "invite_email_mismatch"
    case emailUnconfirmed = "email_unconfirmed"
    case inactive = "invite_inactive"
    case expired = "invite_expired"
    case usedUp = "invite_used_up"

    var status: Int {
        switch self {
        case .inviteExists: 409
        case .emailMismatch, .emailUnconfirmed: 403
        case .inactive, .expired, .usedUp: 410
        }
    }

    var detail: String {
        switch self {
        case .inviteExists: "There is an open invitation already; replace it, or wait until it ends."
        case .emailMismatch: "The invitation is for another e-mail address."
        case .emailUnconfirmed: "Confirm your e-mail address first: the invitation is for its owner."
        case .inactive: "The invitation is no longer valid."
        case .expired: "The invitation has expired."
        case .usedUp: "The invitation has been used."
        }
    }

    init(_ closure: Invite.Closure) {
        self = switch closure {
        case .expired: .expired
        case .usedUp: .usedUp
        case .inactive, .notFound: .inactive
        }
    }
}
