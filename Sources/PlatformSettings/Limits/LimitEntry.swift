import Identity
import JSON
import Postgres
import Service
import Values

/// A limit that operators have set, as it is stored.
struct LimitEntry: Sendable {
    let id: ID<LimitEntry>
    let createdAt: Instant
    var updatedAt: Instant
    var operation: String
    var role: String
    var quantity: Int
    var windowSeconds: Int
    var isActive: Bool

    static let most = 1000

    var rule: LimitRule {
        LimitRule(operation: operation, role: role, quantity: quantity, windowSeconds: windowSeconds)
    }

    /// For the trail.
    func changes(from old: LimitEntry?) -> [AuditChange?] {
        func number(_ value: Int?) -> AuditValue { value.map { .number(Int64($0)) } ?? .none }
        return [
            AuditChange("operation", AuditValue(old?.operation), .text(operation)),
            AuditChange("role", AuditValue(old?.role), .text(role)),
            AuditChange("quantity", number(old?.quantity), number(quantity)),
            AuditChange("windowSeconds", number(old?.windowSeconds), number(windowSeconds)),
            AuditChange("isActive", old.map { .flag($0.isActive) } ?? .none, .flag(isActive)),
        ]
    }
}

extension LimitEntry: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        operation = try row.next()
        role = try row.next()
        quantity = try row.next()
        windowSeconds = try row.next()
        isActive = try row.next()
    }
}

extension LimitEntry: WireOutput {
    static let shape = Shape<LimitEntry>(
        output: "RateLimit",
        Field("id", { $0.id }), Field("createdAt", { $0.createdAt }), Field("updatedAt", { $0.updatedAt }),
        Field("operation", { $0.operation }), Field("role", { $0.role }), Field("quantity", { $0.quantity }),
        Field("windowSeconds", { $0.windowSeconds }), Field("isActive", { $0.isActive }))
}

/// A limit to be.
struct NewLimit: Shaped {
    let operation: String
    let role: String
    let quantity: Int
    let windowSeconds: Int
    let isActive: Bool

    static let shape = Shape(
        "NewRateLimit", Self.init,
        Field("operation", { $0.operation }, .length(1...120), .example("/api/v1/payments"),
            doc: """
                * for whatever has no limit of its own; else the beginning of a path, whole segments of it, with a method \
                before it or without. The longest beginning decides.
                """),
        Field("role", { $0.role }, .length(1...50), default: { LimitRule.everything },
            doc: "* for everybody, guest for whoever is not signed in. Who holds several roles has the best of their limits."),
        Field("quantity", { $0.quantity }, .range(1...100_000)),
        Field("windowSeconds", { $0.windowSeconds }, .range(1...86_400)),
        Field("isActive", { $0.isActive }, default: { true }))

    func entry(at now: Instant) -> LimitEntry {
        LimitEntry(
            id: .new(), createdAt: now, updatedAt: now, operation: operation, role: role, quantity: quantity,
            windowSeconds: windowSeconds, isActive: isActive)
    }
}

/// A change of a limit.
struct LimitChange: Shaped {
    let operation: Patch<String>
    let role: Patch<String>
    let quantity: Patch<Int>
    let windowSeconds: Patch<Int>
    let isActive: Patch<Bool>

    static let shape = Shape(
        "RateLimitChange", Self.init,
        Field("operation", { $0.operation }, .length(1...120), .example("/api/v1/payments")),
        Field("role", { $0.role }, .length(1...50)), Field("quantity", { $0.quantity }, .range(1...100_000)),
        Field("windowSeconds", { $0.windowSeconds }, .range(1...86_400)), Field("isActive", { $0.isActive }))

    func apply(to limit: inout LimitEntry, at now: Instant) {
        limit.updatedAt = now
        limit.operation = operation.value(or: limit.operation)
        limit.role = role.value(or: limit.role)
        limit.quantity = quantity.value(or: limit.quantity)
        limit.windowSeconds = windowSeconds.value(or: limit.windowSeconds)
        limit.isActive = isActive.value(or: limit.isActive)
    }
}
