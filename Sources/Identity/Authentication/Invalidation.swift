import Values

/// What the loops must forget, as the database tells it on the channel `identity`.
package enum Invalidation: Hashable, Sendable {
    /// Status, name or grants of a user.
    case user(UUID)
    /// A sign-in that has ended.
    case family(UUID)
    case apiKey(UUID)
    /// Locks of scopes.
    case locks
    /// Signing keys.
    case keys
    /// Roles that operators have made.
    case roles
    /// Notifications may have been missed.
    case everything

    package static let channel = "identity"

    /// A notification's payload as the triggers of `migrations/002*` write it.
    package init?(payload: String) {
        let parts = payload.split(separator: ":", maxSplits: 1)
        switch (parts.first, parts.count == 2 ? UUID(parts[1]) : nil) {
        case ("user", let id?): self = .user(id)
        case ("family", let id?): self = .family(id)
        case ("key", let id?): self = .apiKey(id)
        case ("locks", nil): self = .locks
        case ("keys", nil): self = .keys
        case ("roles", nil): self = .roles
        default: return nil
        }
    }
}
