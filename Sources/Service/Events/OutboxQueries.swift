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

/// An event that a handler could not take yet, or that lies behind such a one.
struct BacklogEntry: Sendable {
    let event: Int
    let handler: String
    var attempts: Int
    var nextAt: Instant
}

struct BacklogRow: Row {
    let entry: BacklogEntry
    let event: Event

    init(_ row: inout RowReader) throws {
        let handler: String = try row.next()
        let attempts: Int = try row.next()
        let nextAt: Instant = try row.next()
        let outbox = try OutboxRow(&row)
        entry = BacklogEntry(event: outbox.id, handler: handler, attempts: attempts, nextAt: nextAt)
        event = outbox.event
    }
}

struct BacklogCounts: Row {
    let setAside: Int
    let unclaimed: Int

    init(_ row: inout RowReader) throws {
        setAside = try row.next()
        unclaimed = try row.next()
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

    /// Who hands events over, until the end of the transaction; false when another instance does.
    static func lock() -> Statement<Bool> {
        Statement("SELECT pg_try_advisory_xact_lock(hashtextextended('api.outbox', 0))")
    }

    /// The oldest events. Served by `outbox_waiting`.
    static func take(_ limit: Int) -> Statement<OutboxRow> {
        Statement(
            """
            SELECT id, event, object_type, object_id, scope_type, scope_id, data
            FROM api.outbox WHERE dispatched_at IS NULL
            ORDER BY id LIMIT \(limit)
            """)
    }

    /// The handlers for whom something waits. Served by `outbox_backlog_open`, which holds little.
    static func behind() -> Statement<String> {
        Statement("SELECT DISTINCT handler FROM api.outbox_backlog WHERE failed_at IS NULL")
    }

    /// What waits for a handler, the oldest first. Served by `outbox_backlog_open`.
    static func backlog(of handler: String, _ limit: Int) -> Statement<BacklogRow> {
        Statement(
            """
            SELECT b.handler, b.attempts, b.next_at, o.id, o.event, o.object_type, o.object_id, o.scope_type, o.scope_id,
                o.data
            FROM api.outbox_backlog b JOIN api.outbox o ON o.id = b.event_id
            WHERE b.handler = \(handler) AND b.failed_at IS NULL ORDER BY b.event_id LIMIT \(limit)
            """)
    }

    static func put(_ entry: BacklogEntry, failedAt: Instant? = nil) -> Command {
        Command(
            """
            INSERT INTO api.outbox_backlog (event_id, handler, attempts, next_at, failed_at)
            VALUES (\(entry.event), \(entry.handler), \(entry.attempts), \(entry.nextAt), \(failedAt))
            ON CONFLICT (handler, event_id) DO UPDATE
            SET attempts = excluded.attempts, next_at = excluded.next_at,
                failed_at = coalesce(outbox_backlog.failed_at, excluded.failed_at)
            """)
    }

    /// What was set aside for these handlers and is due, the oldest first. Served by `outbox_backlog_set_aside`.
    static func setAside(of handlers: [String], now: Instant, _ limit: Int) -> Statement<BacklogRow> {
        Statement(
            """
            SELECT b.handler, b.attempts, b.next_at, o.id, o.event, o.object_type, o.object_id, o.scope_type, o.scope_id,
                o.data
            FROM api.outbox_backlog b JOIN api.outbox o ON o.id = b.event_id
            WHERE b.failed_at IS NOT NULL AND b.next_at <= \(now) AND b.handler = ANY(\(handlers))
            ORDER BY b.event_id LIMIT \(limit)
            """)
    }

    /// How much is set aside, and how much is kept for others than these handlers. The table holds little.
    static func counts(handlers: [String]) -> Statement<BacklogCounts> {
        Statement(
            """
            SELECT count(*) FILTER (WHERE failed_at IS NOT NULL), count(*) FILTER (WHERE handler <> ALL(\(handlers)))
            FROM api.outbox_backlog
            """)
    }

    static func drop(_ entry: BacklogEntry) -> Command {
        Command("DELETE FROM api.outbox_backlog WHERE handler = \(entry.handler) AND event_id = \(entry.event)")
    }

    static func dispatched(_ ids: [Int]) -> Command {
        Command("UPDATE api.outbox SET dispatched_at = now() WHERE id = ANY(\(ids))")
    }

    /// Events are kept a day for those who look into what happened; those that a handler has not taken, until it has.
    static func clean() -> Command {
        Command(
            """
            DELETE FROM api.outbox
            WHERE ctid IN (SELECT o.ctid FROM api.outbox o
                           WHERE o.dispatched_at IS NOT NULL AND o.at < now() - interval '1 day'
                               AND NOT EXISTS (SELECT FROM api.outbox_backlog b WHERE b.event_id = o.id)
                           LIMIT 10000)
            """)
    }
}
