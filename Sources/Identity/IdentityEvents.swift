import Service
import Values

/// What the rest of the program may hear of accounts. Only the id travels: whoever needs more reads it.
package enum IdentityEvent: String, CaseIterable, Sendable {
    case registered = "user.registered"
    case contactChanged = "user.contact_changed"
    case suspended = "user.suspended"
    case reactivated = "user.reactivated"
    case banned = "user.banned"
    case deleted = "user.deleted"
    case grantsChanged = "user.grants_changed"

    func event(_ user: ID<User>) -> Event { Event(rawValue, "user", user.uuid) }
}

extension Outbox {
    func publish(_ event: IdentityEvent, of user: ID<User>) async throws { try await publish(event.event(user)) }

    func publish(_ event: IdentityEvent, of users: Set<ID<User>>) async throws {
        try await publish(event.rawValue, "user", of: users.map(\.uuid))
    }
}
