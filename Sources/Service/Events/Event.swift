import JSON
import Values

/// Something that has happened and that others may react to: `payment.succeeded`, `invoice.issued`.
///
/// Written into the outbox in the transaction that made it true, and handed to each subscriber after the commit, at least
/// once and in order; what a subscriber has refused for half an hour comes to him later, out of order, once he takes it.
package struct Event: Sendable {
    package let name: String
    package let objectType: String
    package let objectID: UUID?
    /// The innermost scope it happened in: who may hear of it.
    package let scope: Scope?
    /// A JSON object without secrets.
    package let data: JSONText

    package init(
        _ name: String, _ objectType: String, _ objectID: UUID?, in scope: Scope? = nil, data: JSONText = JSONText(trusted: Array("{}".utf8))
    ) {
        self.name = name
        self.objectType = objectType
        self.objectID = objectID
        self.scope = scope
        self.data = data
    }
}

/// Reacts to events of some names. May be called more than once for one event, so it must be repeatable.
package struct EventHandler: Sendable {
    package typealias Run = nonisolated(nonsending) @Sendable (Event) async throws -> Void
    package typealias RunAll = nonisolated(nonsending) @Sendable ([Event]) async throws -> Void

    /// Unique and for good: what the handler could not take yet is kept under it. Whoever renames a handler renames that too,
    /// by a migration of `api.outbox_backlog`.
    package let name: String
    package let events: Set<String>
    /// How many it is given at once.
    let limit: Int
    let run: RunAll

    package init(_ name: String, on events: Set<String>, run: @escaping Run) {
        self.init(name, events, limit: 1) { events in for event in events { try await run(event) } }
    }

    private init(_ name: String, _ events: Set<String>, limit: Int, run: @escaping RunAll) {
        self.name = name
        self.events = events
        self.limit = limit
        self.run = run
    }

    /// One that is given what waits together, oldest first, up to a hundred events: for those that come by the thousand. When
    /// it throws, nothing of it has happened, and it is given them one by one.
    package static func ofMany(_ name: String, on events: Set<String>, run: @escaping RunAll) -> EventHandler {
        EventHandler(name, events, limit: Outbox.batch, run: run)
    }
}
