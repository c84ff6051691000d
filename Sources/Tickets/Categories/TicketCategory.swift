import JSON
import Postgres
import Service
import Values

/// What tickets of a scope are about. One of a type of scope (without an id) holds in all of them; one of the same code on
/// a scope takes its place there and below.
package struct TicketCategory: Sendable {
    package let id: ID<TicketCategory>
    let createdAt: Instant
    let updatedAt: Instant
    let scope: Scope
    package let code: String
    /// By language; English is always there.
    var names: JSONText
    var icon: String?
    var color: String?
    /// Hours until a ticket is due, before what the profile says of its priority.
    var slaHours: Int?
    /// Whether tickets are given to fitting staff as they come.
    var autoAssign: Bool
    let isSystem: Bool
}

extension TicketCategory: Row {
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        scope = Scope(ScopeType(try row.next()), try row.next())
        code = try row.next()
        names = try row.next()
        icon = try row.next()
        color = try row.next()
        slaHours = try row.next()
        autoAssign = try row.next()
        isSystem = try row.next()
    }
}

extension TicketCategory: WireOutput {
    package static let shape = Shape<TicketCategory>(
        output: "TicketCategory",
        Field("id", { $0.id }), Field("scope", { ScopeView($0.scope) }, doc: "Without an id: of all scopes of the type"),
        Field("code", { $0.code }), Field("names", { $0.names }, doc: "By language"), Field("icon", { $0.icon }),
        Field("color", { $0.color }), Field("slaHours", { $0.slaHours }), Field("autoAssign", { $0.autoAssign }),
        Field("isSystem", { $0.isSystem }), Field("createdAt", { $0.createdAt }), Field("updatedAt", { $0.updatedAt }))
}
