import JSON

struct StaffMovementQuery: Shaped {
    let user: Int?
    let kind: MovementType?
    let from: DayOrInstant?
    let to: DayOrInstant?
    let limit: Int
    let offset: Int

    static let shape = Shape<StaffMovementQuery>(
        "UrgentMovementQuery", Self.init,
        Field("user_id", { $0.user }), Field("type", { $0.kind }),
        Field("from", { $0.from }, doc: "A day of Moscow or an instant"), Field("to", { $0.to }, doc: "A day, which is included, or an instant"),
        Field("limit", { $0.limit }, .listLimit, default: { 50 }),
        Field("offset", { $0.offset }, .listOffset, default: { 0 }), ignoresUnknown: true)

    var slice: Slice { Slice(limit: limit, offset: offset) }
    var condition: MovementCondition { MovementCondition(user: user, kind: kind, from: from?.start, to: to?.end) }
}
