import Notifications
import Service
import Values

/// Sends Identity's letters as notices of the category security: by mail always, and into the reader's list where that
/// helps him notice a thief.
package struct NotifyingPostman: Postman {
    private let notifications: Notifications

    package init(_ notifications: Notifications) { self.notifications = notifications }

    package func post(_ letter: Letter, to user: User, at address: String) async throws {
        let notice = Notice(
            .security, subject: letter.subject, body: letter.text, secret: letter.link, priority: .high,
            template: letter.template)
        let addressee: Addressee =
            letter.link == nil ? .user(user.id.uuid, email: address) : .email(address, user: user.id.uuid)
        try await notifications.send(notice, to: addressee)
    }
}

extension Letter {
    /// The secret of the letter.
    var link: String? {
        switch self {
        case .confirmation(let link), .passwordReset(let link), .setPassword(let link): link
        case .passwordChanged, .suspended, .reactivated: nil
        }
    }

    var subject: String {
        switch self {
        case .confirmation: "Confirm your e-mail address"
        case .passwordReset: "Choose a new password"
        case .setPassword: "Your account is ready"
        case .passwordChanged: "Your password was changed"
        case .suspended: "Your account is suspended"
        case .reactivated: "Your account is active again"
        }
    }

    /// With the mark where the link belongs.
    var text: String {
        switch self {
        case .confirmation:
            "Please confirm that this address is yours by opening this link within 24 hours:\n\n\(Notice.secretMark)"
        case .passwordReset:
            """
            Somebody, hopefully you, asked for a new password. Choose it here within an hour:

            \(Notice.secretMark)

            If it was not you, leave this message alone; your password stays as it is.
            """
        case .setPassword:
            "An account was made for you. Choose a password here within 72 hours:\n\n\(Notice.secretMark)"
        case .passwordChanged:
            "Your password has just been changed. If it was not you, ask for a new one at once and tell support."
        case .suspended(let reason, let until):
            "Your account is suspended\(until.map { " until \($0)" } ?? ""). Reason: \(reason)"
        case .reactivated: "Your account is active again. You may sign in."
        }
    }
}
