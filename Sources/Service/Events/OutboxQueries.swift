import JSON
import Postgres
import Values

/// An event on its way, as it lies in the outbox.
struct OutboxRow: Row {
    let id: Int
    let event: Event

    init(_ row: inout RowReader) throws {
        id = try row.next()
        let name: String = try row.next()
        let objectType: String = try row.next()
        let objectID: UUID? = try row.next()
        let scopeType: String? = try row.next()
        let scopeID: UUID? = try row.next()
        let data: JSON.JSONText = try row.next()
        event = Event(
            name, objectType, objectID, in: scopeType.map { Scope(ScopeType($0), scopeID) }, data: data)
    }
}

enum OutboxQueries {
    static let channel = "atrium_outbox"

    static func publish(_ event: Event) -> Command {
        Command(
            """
            INSERT INTO api.outbox (event, object_type, object_id, scope_type, scope_id, data)
            VALUES (\(event.name), \(event.objectType), \(event.objectID), \(event.scope?.type.name),
                \(event.scope?.id), \(event.data))
            """)
    }

    static func publish(_ name: String, _ objectType: String, of objects: [UUID]) -> Command {
        Command(
            """
            INSERT INTO api.outbox (event, object_type, object_id, data)
            SELECT \(name), \(objectType), object, '{}' FROM unnest(\(objects)::uuid[]) AS object
            """)
    }

    /// Wakes the dispatchers of every instance when the transaction commits.
    static func wake() -> Statement<Bool> {
        Statement("SELECT pg_notify('atrium_outbox', '') IS NOT NULL")
    }

    /// The oldest events, locked; what another instance holds is left to it. Served by `outbox_waiting`.
    static func take(_ limit: Int) -> Statement<OutboxRow> {
        Statement(
            """
            SELECT id, event, object_type, object_id, scope_type, scope_id, data
            FROM api.outbox WHERE dispatched_at IS NULL
            ORDER BY id LIMIT \(limit) FOR UPDATE SKIP LOCKED
            """)
    }

    static func dispatched(_ ids: [Int]) -> Command {
        Command("UPDATE api.outbox SET dispatched_at = now() WHERE id = ANY(\(ids))")
    }

    /// Events are kept a day for those who look into what happened.
    static func clean() -> Command {
        Command(
            """
            DELETE FROM api.outbox
            WHERE ctid IN (SELECT ctid FROM api.outbox
                           WHERE dispatched_at IS NOT NULL AND at < now() - interval '1 day' LIMIT 10000)
            """)
    }
}
