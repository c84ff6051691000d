import JSON
import Postgres
import Service
import Values

/// The SQL of `identity.audit_logs`.
enum AuditQueries {
    private static let columns: SQL = """
        a.id, a.at, a.actor_id, a.actor_kind, a.actor_name, a.product, a.scope_type, a.scope_id, a.action,
        a.object_type, a.object_id, a.old_values, a.new_values, a.details, a.ip, a.client, a.request_id
        """

    static func insert(_ entry: AuditEntry, by actor: AuditActor, id: ID<AuditRecord>, at now: Instant) -> Command {
        Command(
            """
            insert into identity.audit_logs (id, at, actor_id, actor_kind, actor_name, product, scope_type, scope_id,
                action, object_type, object_id, old_values, new_values, details, ip, client, request_id)
            values (\(id), \(now), \(actor.id), \(actor.kind), \(actor.name), \(entry.product),
                \(entry.scope?.type.name), \(entry.scope?.id), \(entry.action), \(entry.objectType), \(entry.objectID),
                \(entry.oldValues), \(entry.newValues), \(AuditValue.object(entry.details)), \(actor.address), \(actor.client),
                \(actor.requestID))
            """)
    }

    /// audit_logs_at_idx and its sisters by actor, object, action and scope; keyset by (at, id).
    static func list(
        _ condition: AuditCondition, after cursor: AuditCursor?, limit: Int, _ route: StatementRoute = .automatic
    ) -> Statement<AuditRecord> {
        let start: SQL = if let cursor { "(a.at, a.id) < (\(cursor.at), \(cursor.id))" } else { "true" }
        return Statement(
            """
            select \(columns) from identity.audit_logs a where \(condition.sql) and \(start)
            order by a.at desc, a.id desc limit \(limit)
            """, route)
    }

    /// How many rows an export would have, counted up to a limit; the indexes of `list`.
    static func count(_ condition: AuditCondition, after cursor: AuditCursor, upTo limit: Int) -> Statement<Int> {
        Statement(
            """
            select count(*) from (
                select from identity.audit_logs a
                where \(condition.sql) and (a.at, a.id) < (\(cursor.at), \(cursor.id))
                order by a.at desc, a.id desc limit \(limit)) counted
            """, .report)
    }

    static func find(_ id: ID<AuditRecord>, _ condition: AuditCondition) -> Statement<AuditRecord> {
        Statement("select \(columns) from identity.audit_logs a where a.id = \(id) and \(condition.sql)")
    }

    static func total(_ condition: AuditCondition) -> Statement<Int> {
        Statement("select count(*) from identity.audit_logs a where \(condition.sql)", .report)
    }

    static func topActors(_ condition: AuditCondition) -> Statement<AuditActorCount> {
        Statement(
            """
            select a.actor_id, max(a.actor_name), count(*) from identity.audit_logs a
            where \(condition.sql) and a.actor_id is not null
            group by a.actor_id order by 3 desc, 1 limit 10
            """, .report)
    }

    static func topActions(_ condition: AuditCondition) -> Statement<AuditActionCount> {
        Statement(
            """
            select a.action, count(*) from identity.audit_logs a where \(condition.sql)
            group by a.action order by 2 desc, 1 limit 10
            """, .report)
    }

    static func byDay(_ condition: AuditCondition) -> Statement<AuditDayCount> {
        Statement(
            """
            select (a.at at time zone 'UTC')::date, count(*) from identity.audit_logs a where \(condition.sql)
            group by 1 order by 1
            """, .report)
    }

    /// Only the retention job may delete, and says so for its own transaction.
    static func allowRetention() -> Statement<String> {
        Statement("select set_config('atrium.audit_retention', 'on', true)")
    }

    static func purge(before: Instant) -> Command {
        Command(
            """
            delete from identity.audit_logs where id in (
                select id from identity.audit_logs where at < \(before) order by at limit 10000)
            """)
    }
}

extension AuditValue: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        switch self {
        case .none: writer.writeNull()
        case .text(let text): writer.write(text)
        case .number(let number): writer.write(number)
        case .decimal(let number): number.write(to: &writer)
        case .flag(let flag): writer.write(flag)
        case .list(let list): writer.array { for text in list { $0.write(text) } }
        case .json(let text): text.write(to: &writer)
        case .secret: writer.write("***")
        }
    }

    static func object(_ members: [(name: String, value: AuditValue)]) -> JSONText {
        var writer = JSONWriter()
        writer.object { for member in members { $0.member(name: member.name, member.value) } }
        return JSONText(trusted: writer.bytes)
    }
}
