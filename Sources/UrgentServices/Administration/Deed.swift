import JSON
import Postgres
import Values

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
