import JSON

/// What somebody is on the board besides a user.
package enum UrgentRole: String, WireEnum, Sendable {
    case user, moderator, admin

    /// How a principal's grant says it.
    var grantName: String { "urgent_\(rawValue)" }

    init?(grantName: String) {
        guard grantName.hasPrefix("urgent_") else { return nil }
        self.init(rawValue: String(grantName.dropFirst("urgent_".count)))
    }
}
