import JSON
import Postgres
import Service
import Values

/// Somebody else's program that wants to be told of events.
package struct Endpoint: Sendable {
    enum Status: String, WireEnum {
        case active
        /// By its owner.
        case paused
        /// By us: it said that it is gone (410), or failed for five days.
        case disabled
    }

    let id: ID<Endpoint>
    let createdAt: Instant
    var updatedAt: Instant
    let scope: Scope
    var url: String
    var description: String?
    var events: [String]
    /// Sealed.
    var secret: [UInt8]
    var previousSecret: [UInt8]?
    var previousUntil: Instant?
    var status: Status
    /// When the failures under way began; nil after a success.
    var failingSince: Instant?

    static let perScope = 50
    /// So long the old secret signs beside the new one.
    static let overlap = Duration.hours(24)
    static let patience = Duration.days(5)

    func wants(_ event: String) -> Bool { events.contains(event) || events.contains(WebhookEvents.all) }

    mutating func rotate(to sealed: [UInt8], at now: Instant) {
        previousSecret = secret
        previousUntil = now + Self.overlap
        secret = sealed
        updatedAt = now
    }

    /// The owner lets it run or rest. Whoever begins anew begins without a past.
    mutating func set(_ status: Status, at now: Instant) {
        if status == .active, self.status != .active { failingSince = nil }
        self.status = status
        updatedAt = now
    }

    mutating func succeeded() { failingSince = nil }

    /// - Parameter isGone: it has said so.
    mutating func failed(isGone: Bool, at now: Instant) {
        let since = failingSince ?? now
        failingSince = since
        if isGone || now - since >= Self.patience { status = .disabled }
    }
}

extension Endpoint: Row {
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        let type: String = try row.next()
        scope = Scope(ScopeType(type), try row.next())
        url = try row.next()
        description = try row.next()
        events = try row.next()
        secret = try row.next()
        previousSecret = try row.next()
        previousUntil = try row.next()
        status = try row.next()
        failingSince = try row.next()
    }
}
