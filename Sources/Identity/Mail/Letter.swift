import Notifications
import Values

/// A mail that Identity wants sent. The link in it is a secret: it is in nobody's log.
package enum Letter: Sendable {
    /// Confirm the address.
    case confirmation(link: String)
    /// Choose a new password; an hour.
    case passwordReset(link: String)
    /// An account was made for the reader, or a role given: choose a password; 72 hours.
    case setPassword(link: String)
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
        case .passwordChanged: .passwordChanged
        case .suspended: .accountSuspended
        case .reactivated: .accountReactivated
        }
    }

    /// What the template wants to know.
    func values(for name: String) -> [String: String] {
        switch self {
        case .confirmation, .passwordReset, .setPassword: ["name": name, "link": Notice.secretMark]
        case .passwordChanged, .reactivated: ["name": name]
        case .suspended(let reason, let until):
            ["name": name, "reason": reason + (until.map { " (\($0.day))" } ?? "")]
        }
    }

    /// The link in it, if there is one.
    package var link: String? {
        switch self {
        case .confirmation(let link), .passwordReset(let link), .setPassword(let link): link
        case .passwordChanged, .suspended, .reactivated: nil
        }
    }
}
