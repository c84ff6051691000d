import Crypto
import JSON
import Values

/// A row about to be written.
struct NewNotification: Sendable {
    let id: ID<Notification>
    let groupID: UUID
    let type: NotificationType
    let userID: UUID?
    let recipient: String
    let notice: Notice
    /// What the sender notes for himself.
    let metadata: [String: String]
    /// The registered text that a short message was made of.
    var registered: DLTTemplate?
    /// Parts of a short message.
    var segments: Int?
    /// What a push message carries beside its words.
    var content: PushContent?
    /// Where somebody pays for it.
    var credits: CreditState?
    let secret: Sealed?
    let now: Instant

    /// In-app notices are delivered by being there.
    var status: NotificationStatus { type == .inApp ? .delivered : .pending }
    var deliveredAt: Instant? { type == .inApp ? now : nil }
    var expiresAt: Instant? { notice.lifetime.map { now + $0 } }
    var dedupeKey: String? { notice.dedupeKey.map { "\($0):\(type.rawValue)" } }

    /// Secrets are bound to their row: a value copied to another does not open.
    static func context(_ id: ID<Notification>) -> String { "notifications.notifications.secret|\(id)" }
}
