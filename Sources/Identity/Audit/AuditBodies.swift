import JSON
import Postgres
import Service
import Values

/// Days, both inclusive.
struct RangeFilter: Shaped {
    let from: Day?
    let to: Day?

    static let shape = Shape(
        "Range", Self.init, Field("from", { $0.from }), Field("to", { $0.to }), check: { errors(from: $0.from, to: $0.to) })

    /// What is wrong with a range of days (0-platform, 3).
    static func errors(from: Day?, to: Day?) -> [FieldError] {
        guard let from, let to, to < from || to > from.adding(days: 1_100) else { return [] }
        return [FieldError(field: "to", code: "range", message: "must follow from by at most 1,100 days")]
    }
}

/// What a look at the trail is narrowed to.
struct AuditFilter: Shaped {
    let actorID: UUID?
    let action: String?
    let objectType: String?
    let objectID: String?
    let scopeType: String?
    let scopeID: UUID?
    let from: Day?
    let to: Day?

    static let shape = Shape(
        "AuditFilter", Self.init,
        Field("actorId", { $0.actorID }), Field("action", { $0.action }, .length(...60)),
        Field("objectType", { $0.objectType }, .length(...60)), Field("objectId", { $0.objectID }, .length(...100)),
        Field("scopeType", { $0.scopeType }, .length(...50)), Field("scopeId", { $0.scopeID }),
        Field("from", { $0.from }), Field("to", { $0.to }),
        check: { RangeFilter.errors(from: $0.from, to: $0.to) })

    func condition(within: SQL) -> AuditCondition {
        AuditCondition(
            within: within, actor: actorID, action: action, objectType: objectType, objectID: objectID,
            scope: scopeType.map { Scope(ScopeType($0), scopeID) }, from: from, to: to)
    }

    /// What was asked for, as the trail of an export says it.
    var details: [(name: String, value: AuditValue)] {
        [
            ("actorId", AuditValue(actorID)), ("action", AuditValue(action)), ("objectType", AuditValue(objectType)),
            ("objectId", AuditValue(objectID)), ("scopeType", AuditValue(scopeType)), ("scopeId", AuditValue(scopeID)),
            ("from", AuditValue(from)), ("to", AuditValue(to)),
        ].filter { $0.value != .none }
    }
}

/// A row of the trail.
struct AuditView: WireOutput {
    let record: AuditRecord

    static let shape = Shape<AuditView>(
        output: "AuditLog",
        Field("id", { $0.record.id }), Field("at", { $0.record.at }), Field("actorId", { $0.record.actorID }),
        Field("actorKind", { $0.record.actorKind }), Field("actorName", { $0.record.actorName }),
        Field("product", { $0.record.product }), Field("scopeType", { $0.record.scopeType }),
        Field("scopeId", { $0.record.scopeID }), Field("action", { $0.record.action }),
        Field("objectType", { $0.record.objectType }), Field("objectId", { $0.record.objectID }),
        Field("oldValues", { $0.record.oldValues }), Field("newValues", { $0.record.newValues }),
        Field("details", { $0.record.details }), Field("ip", { $0.record.address }),
        Field("client", { $0.record.client }), Field("requestId", { $0.record.requestID }))
}

extension AuditRecord {
    /// A row of the trail as a line of a file.
    static let columns: [ExportColumn<AuditRecord>] = [
        ExportColumn("id") { $0.id.description }, ExportColumn("at") { $0.at.description },
        ExportColumn("actorId") { $0.actorID?.description }, ExportColumn("actorKind") { $0.actorKind.rawValue },
        ExportColumn("actorName") { $0.actorName }, ExportColumn("product") { $0.product },
        ExportColumn("scopeType") { $0.scopeType }, ExportColumn("scopeId") { $0.scopeID?.description },
        ExportColumn("action") { $0.action }, ExportColumn("objectType") { $0.objectType },
        ExportColumn("objectId") { $0.objectID }, ExportColumn("oldValues") { $0.oldValues?.string },
        ExportColumn("newValues") { $0.newValues?.string }, ExportColumn("details") { $0.details.string },
        ExportColumn("ip") { $0.address }, ExportColumn("client") { $0.client },
        ExportColumn("requestId") { $0.requestID },
    ]
}

/// Figures of the trail.
struct AuditStats: WireOutput {
    let total: Int
    let topActors: [AuditActorView]
    let topActions: [AuditActionView]
    let byDay: [AuditDayView]

    static let shape = Shape<AuditStats>(
        output: "AuditStats",
        Field("total", { $0.total }), Field("topActors", { $0.topActors }), Field("topActions", { $0.topActions }),
        Field("byDay", { $0.byDay }, doc: "Days in UTC."))
}

/// Who did most.
struct AuditActorView: WireOutput {
    let row: AuditActorCount

    static let shape = Shape<AuditActorView>(
        output: "AuditActorCount",
        Field("actorId", { $0.row.id }), Field("actorName", { $0.row.name }), Field("count", { $0.row.count }))
}

/// What was done most.
struct AuditActionView: WireOutput {
    let row: AuditActionCount

    static let shape = Shape<AuditActionView>(
        output: "AuditActionCount", Field("action", { $0.row.action }), Field("count", { $0.row.count }))
}

/// How much was done on a day.
struct AuditDayView: WireOutput {
    let row: AuditDayCount

    static let shape = Shape<AuditDayView>(
        output: "AuditDayCount", Field("day", { $0.row.day }), Field("count", { $0.row.count }))
}
