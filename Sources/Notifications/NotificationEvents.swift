import Service
import Values

/// What the rest of the program may hear of messages. Only the id travels: whoever needs more reads it.
package enum NotificationEvent: String, CaseIterable, Sendable {
    /// A message was sent, delivered, failed or came back.
    case messageChanged = "message.changed"
}

extension Outbox {
    func publish(_ event: NotificationEvent, _ ids: [ID<Notification>]) async throws {
        if ids.isEmpty { return }
        try await publish(event.rawValue, "notification", of: ids.map(\.uuid))
    }
}
