import JSON
import Postgres
import Service
import Values

/// What staff have done, out of the platform's audit trail (spec 3.6, row 56).
enum Deeds {
    /// The name of a product's object in the trail.
    static let prefix = "urgent_"

    /// Newest first. Index `audit_logs_urgent_idx`.
    static func page(_ query: DeedQuery) -> Statement<Deed> {
        Statement(
            """
            select a.id, u.id, a.actor_name, a.action, a.object_type, a.object_id, a.old_values, a.new_values,
                   a.details ->> 'reason', a.ip, a.at
              from identity.audit_logs a left join urgent.users u on u.account_id = a.actor_id
             where \(condition(query)) order by a.at desc, a.id desc limit \(query.limit) offset \(query.offset)
            """)
    }

    static func count(_ query: DeedQuery) -> Statement<Int> {
        Statement("select count(*) from identity.audit_logs a where \(condition(query))")
    }

    private static func condition(_ query: DeedQuery) -> SQL {
        var sql: SQL = "a.product = 'urgent'"
        if let actor = query.actor {
            sql = "\(sql) and a.actor_id = (select s.account_id from urgent.users s where s.id = \(actor))"
        }
        if let entity = query.entity { sql = "\(sql) and a.object_type = \(prefix + entity)" }
        if let id = query.entityID { sql = "\(sql) and a.object_id = \(id)" }
        return sql
    }

    static var samples: [StatementSample] {
        let query = DeedQuery(actor: 1, entity: "", entityID: "", limit: 1, offset: 0)
        return [
            StatementSample("urgent: deeds of staff", page(query)), StatementSample("urgent: deeds of staff, counted", count(query)),
        ]
    }
}

struct DeedQuery: Shaped {
    let actor: Int?
    let entity: String?
    let entityID: String?
    let limit: Int
    let offset: Int

    static let shape = Shape<DeedQuery>(
        "UrgentTrailQuery", Self.init,
        Field("actor_id", { $0.actor }), Field("entity", { $0.entity }, .length(1...40), doc: "order, review, complaint, user, payment"),
        Field("entity_id", { $0.entityID }, .length(1...64)), Field("limit", { $0.limit }, .listLimit, default: { 50 }),
        Field("offset", { $0.offset }, .listOffset, default: { 0 }), ignoresUnknown: true)

    var slice: Slice { Slice(limit: limit, offset: offset) }
}

/// Something that somebody of the staff has done.
struct Deed: Row, WireOutput {
    let id: UUID
    /// Nil for what the system has done.
    let actor: Int?
    let actorName: String
    let action: String
    let objectType: String
    let objectID: String?
    let before: JSONText?
    let after: JSONText?
    let reason: String?
    let address: String?
    let at: Instant

    init(_ row: inout RowReader) throws {
        id = try row.next()
        actor = try row.next()
        actorName = try row.next()
        action = try row.next()
        objectType = try row.next()
        objectID = try row.next()
        before = try row.next()
        after = try row.next()
        reason = try row.next()
        address = try row.next()
        at = try row.next()
    }

    private var entity: String {
        objectType.hasPrefix(Deeds.prefix) ? String(objectType.dropFirst(Deeds.prefix.count)) : objectType
    }

    static let shape = Shape<Deed>(
        output: "UrgentDeed",
        Field("id", { $0.id }), Field("actor_id", { $0.actor }), Field("actor_name", { $0.actorName }),
        Field("action", { $0.action }), Field("entity", { $0.entity }), Field("entity_id", { $0.objectID }),
        Field("before", { $0.before }), Field("after", { $0.after }), Field("reason", { $0.reason }),
        Field("ip", { $0.address }), Field("created_at", { $0.at }))
}
