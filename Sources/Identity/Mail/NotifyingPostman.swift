import Notifications
import Values

/// Sends Identity's letters as notices of the category security: by mail always, and into the reader's list where that
/// helps him notice a thief. Links are secrets of the notice: stored sealed, put in when the mail leaves.
package struct NotifyingPostman: Postman {
    private let notifications: Notifications

    package init(_ notifications: Notifications) { self.notifications = notifications }

    package func post(_ letter: Letter, to user: User, at address: String) async throws {
        var notice = Notice(
            template: letter.template, in: user.locale.rawValue, letter.values(for: user.name), secret: letter.link,
            priority: .high)
        notice.lifetime = letter.life
        let addressee: Addressee =
            letter.link == nil ? .user(user.id.uuid, email: address) : .email(address, user: user.id.uuid)
        try await notifications.send(notice, to: addressee)
    }
}
