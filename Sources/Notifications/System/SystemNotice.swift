import JSON
import Postgres
import Service
import Values

/// What the platform's staff is told by the program itself: one notice for all of them, which each reads for himself.
package struct SystemNotice: Sendable {
    package enum Kind: String, WireEnum { case success, info, warning, error }
    package enum Category: String, WireEnum {
        case payment, tenant, student, subscription, credit, system, security, report
    }
    package enum Priority: String, WireEnum { case low, medium, high, critical }

    package var title: String
    package var message: String
    package var kind: Kind
    package var category: Category
    package var priority: Priority
    /// Where it happened.
    package var scope: Scope?
    /// Whom it concerns; all of the staff where nil.
    package var role: String?
    package var isActionRequired: Bool
    package var details: [String: String]
    /// The same is said once.
    package var dedupeKey: String?

    package init(
        _ title: String, _ message: String, kind: Kind = .info, category: Category = .system, priority: Priority = .medium,
        scope: Scope? = nil, role: String? = nil, isActionRequired: Bool = false, details: [String: String] = [:],
        dedupeKey: String? = nil
    ) {
        self.title = title
        self.message = message
        self.kind = kind
        self.category = category
        self.priority = priority
        self.scope = scope
        self.role = role
        self.isActionRequired = isActionRequired
        self.details = details
        self.dedupeKey = dedupeKey
    }
}

/// A system notice as a member of the staff sees it.
struct SystemNoticeView: WireOutput, Row {
    let id: ID<SystemNotice>
    let createdAt: Instant
    let title: String
    let message: String
    let type: SystemNotice.Kind
    let category: SystemNotice.Category
    let priority: SystemNotice.Priority
    let actionRequired: Bool
    let details: JSONText
    let readAt: Instant?

    static let shape = Shape<Self>(
        output: "SystemNotice", Field("id", { $0.id }), Field("createdAt", { $0.createdAt }), Field("title", { $0.title }),
        Field("message", { $0.message }), Field("type", { $0.type }), Field("category", { $0.category }),
        Field("priority", { $0.priority }), Field("actionRequired", { $0.actionRequired }), Field("details", { $0.details }),
        Field("readAt", { $0.readAt }, doc: "When the caller read it."))

    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        title = try row.next()
        message = try row.next()
        type = try row.next()
        category = try row.next()
        priority = try row.next()
        actionRequired = try row.next()
        details = try row.next()
        readAt = try row.next()
    }
}

/// What a list of system notices is narrowed to.
struct SystemNoticeFilter: Shaped {
    let category: SystemNotice.Category?
    let priority: SystemNotice.Priority?
    let read: Bool?

    static let shape = Shape<Self>(
        "SystemNoticeFilter", Self.init, Field("category", { $0.category }), Field("priority", { $0.priority }),
        Field("read", { $0.read }))
}
