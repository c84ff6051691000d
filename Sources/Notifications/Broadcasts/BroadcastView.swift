import JSON
import Postgres
import Service
import Values

/// How far a broadcast has come.
enum BroadcastStatus: String, WireEnum {
    case queued, sending, done
}

/// A message to many as its senders see it.
struct BroadcastView: WireOutput, Row {
    let id: ID<Broadcast>
    let createdAt: Instant
    let scope: Scope?
    let category: String
    let title: String
    let body: String
    let channels: [BroadcastChannel]
    let status: BroadcastStatus
    let total: Int
    let sent: Int
    let skipped: Int
    let createdBy: UUID?
    let scheduledFor: Instant?
    let audience: JSONText

    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        let type: String? = try row.next()
        let scopeID: UUID? = try row.next()
        scope = type.map { Scope(ScopeType($0), scopeID) }
        category = try row.next()
        title = try row.next()
        body = try row.next()
        let names: [String] = try row.next()
        channels = names.compactMap { BroadcastChannel(rawValue: $0) }
        status = try row.next()
        total = try row.next()
        sent = try row.next()
        skipped = try row.next()
        createdBy = try row.next()
        scheduledFor = try row.next()
        audience = try row.next()
    }

    static let shape = Shape<Self>(
        output: "Broadcast", Field("id", { $0.id }), Field("createdAt", { $0.createdAt }),
        Field("scopeType", { $0.scope?.type.name ?? ScopeType.platform.name }), Field("scopeId", { $0.scope?.id }),
        Field("category", { $0.category }), Field("title", { $0.title }), Field("body", { $0.body }),
        Field("channels", { $0.channels }), Field("status", { $0.status }),
        Field("total", { $0.total }, doc: "People whom it is for."),
        Field("sent", { $0.sent }, doc: "People who have been told over a channel at least."),
        Field("skipped", { $0.skipped }, doc: "People who are told nothing: they want it over none of the channels, or have no address."),
        Field("createdBy", { $0.createdBy }), Field("scheduledFor", { $0.scheduledFor }),
        Field("audience", { $0.audience }, doc: "Who of the scope is meant: `roles`, or everybody where there are none."))
}

/// One with what has become of its messages.
struct BroadcastReport: WireOutput {
    let broadcast: BroadcastView
    let messages: [BroadcastMessages]

    static let shape = Shape<Self>(
        output: "BroadcastReport", Field("broadcast", { $0.broadcast }),
        Field("messages", { $0.messages }, doc: "By channel; a person may have several devices."))
}

/// How many messages of a broadcast stand where, over a channel.
struct BroadcastMessages: WireOutput, Row {
    let channel: NotificationType
    let pending: Int
    let sent: Int
    let delivered: Int
    let failed: Int
    let bounced: Int

    init(_ row: inout RowReader) throws {
        channel = try row.next()
        pending = try row.next()
        sent = try row.next()
        delivered = try row.next()
        failed = try row.next()
        bounced = try row.next()
    }

    static let shape = Shape<Self>(
        output: "BroadcastMessages", Field("channel", { $0.channel }), Field("pending", { $0.pending }),
        Field("sent", { $0.sent }), Field("delivered", { $0.delivered }), Field("failed", { $0.failed }),
        Field("bounced", { $0.bounced }))
}

struct BroadcastFilter: Shaped {
    let scopeType: String?
    let scopeID: UUID?
    let status: BroadcastStatus?

    static let shape = Shape<Self>(
        "BroadcastFilter", Self.init, Field("scopeType", { $0.scopeType }, .length(1...50)), Field("scopeId", { $0.scopeID }),
        Field("status", { $0.status }), check: { ScopeNaming.mistakes($0.scopeType, $0.scopeID) })
}

extension BroadcastQueries {
    private static let shown: SQL = """
        b.id, b.created_at, b.scope_type, b.scope_id, b.category, b.title, b.body, b.channels, b.status, b.total, b.sent,
        b.skipped, b.created_by, b.scheduled_for, b.audience
        """

    /// Of a scope, or all; the newest first. broadcasts_scope_idx, broadcasts_pkey
    static func page(
        _ scope: Scope?, _ status: BroadcastStatus?, after cursor: ID<Broadcast>?, limit: Int
    ) -> Statement<BroadcastView> {
        var condition: SQL = "true"
        if let scope { condition = "b.scope_type = \(scope.type.name) and b.scope_id = \(scope.id)" }
        if let status { condition = "\(condition) and b.status = \(status)" }
        if let cursor { condition = "\(condition) and b.id < \(cursor)" }
        return Statement(
            "select \(shown) from notifications.broadcasts b where \(condition) order by b.id desc limit \(limit)")
    }

    static func one(_ id: ID<Broadcast>) -> Statement<BroadcastView> {
        Statement("select \(shown) from notifications.broadcasts b where b.id = \(id)")
    }

    /// notifications_broadcast_idx
    static func messages(of id: ID<Broadcast>) -> Statement<BroadcastMessages> {
        Statement(
            """
            select n.type, count(*) filter (where n.status = 'pending'), count(*) filter (where n.status = 'sent'),
                count(*) filter (where n.status = 'delivered'), count(*) filter (where n.status = 'failed'),
                count(*) filter (where n.status = 'bounced')
            from notifications.notifications n where n.broadcast_id = \(id) group by n.type order by n.type
            """, .report)
    }

    static var readingSamples: [StatementSample] {
        [
            StatementSample("broadcast: page", page(nil, nil, after: nil, limit: 1)),
            StatementSample("broadcast: page of a scope", page(Scope("unit", .zero), .done, after: ID(.zero), limit: 1)),
            StatementSample("broadcast: one", one(ID(.zero))), StatementSample("broadcast: counts", messages(of: ID(.zero))),
        ]
    }
}
