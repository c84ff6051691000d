import Notifications
import Values

/// A mail that Identity wants sent. The link in it is a secret: it is in nobody's log.
package enum Letter: Sendable {
    /// Confirm the address.
    case confirmation(link: String)
    /// Choose a new password; an hour.
    case passwordReset(link: String)
    /// A role was given to whoever owns the address: choose a password; 72 hours.
    case setPassword(link: String)
    /// Somebody of the staff has made an account for the reader: choose a password; 72 hours.
    case invitation(link: String, by: String)
    /// The password was changed; told so that a thief does not go unnoticed.
    case passwordChanged
    case suspended(reason: String, until: Instant?)
    case reactivated

    /// The template that says it.
    package var template: TemplateKey {
        switch self {
        case .confirmation: .emailConfirmation
        case .passwordReset: .passwordReset
        case .setPassword: .setPassword
        case .invitation: .invitation
        case .passwordChanged: .passwordChanged
        case .suspended: .accountSuspended
        case .reactivated: .accountReactivated
        }
    }

    /// What the template wants to know.
    func values(for name: String) -> [String: String] {
        switch self {
        case .confirmation, .passwordReset, .setPassword: ["name": name, "link": Notice.secretMark]
        case .invitation(_, let inviter): ["name": name, "inviter": inviter, "link": Notice.secretMark]
        case .passwordChanged, .reactivated: ["name": name]
        case .suspended(let reason, let until):
            ["name": name, "reason": reason + (until.map { " (\($0.day))" } ?? "")]
        }
    }

    /// How long its link is good for; nil where there is none.
    var life: Duration? {
        switch self {
        case .confirmation: LinkPurpose.emailVerification.life
        case .passwordReset: LinkPurpose.passwordReset.life
        case .setPassword, .invitation: LinkPurpose.setPassword.life
        case .passwordChanged, .suspended, .reactivated: nil
        }
    }

    /// The link in it, if there is one.
    package var link: String? {
        switch self {
        case .confirmation(let link), .passwordReset(let link), .setPassword(let link), .invitation(let link, _): link
        case .passwordChanged, .suspended, .reactivated: nil
        }
    }
}
