import JSON
import Values

struct PeopleQuery: Shaped {
    let text: String?
    let role: UrgentRole?
    let blocked: Flag?
    let limit: Int
    let offset: Int

    static let shape = Shape<PeopleQuery>(
        "UrgentPeopleQuery", Self.init,
        Field("q", { $0.text }, .length(1...100), doc: "In a name, or the Telegram id"), Field("role", { $0.role }),
        Field("blocked", { $0.blocked }), Field("limit", { $0.limit }, .listLimit, default: { 50 }),
        Field("offset", { $0.offset }, .listOffset, default: { 0 }), ignoresUnknown: true)

    var slice: Slice { Slice(limit: limit, offset: offset) }
    var condition: PeopleCondition {
        PeopleCondition(text: text, number: text.flatMap { Int($0) }, role: role, isBlocked: blocked?.isSet)
    }
}

struct RoleBody: Shaped {
    let role: UrgentRole
    let reason: String

    static let shape = Shape<RoleBody>(
        "UrgentRoleChange", Self.init, Field("role", { $0.role }), Field("reason", { $0.reason }, .length(3...500), .multiline, .example("Asked for by the customer")), ignoresUnknown: true)
}
