import JSON
import Service
import Values

/// What was done to which object.
package struct AuditEntry: Sendable {
    /// snake_case, at most 60 characters: `sign_in`, `grant_given`.
    package let action: String
    package let objectType: String
    package let objectID: String?
    package var product: String?
    package var scope: Scope?
    /// Changed members only. Secrets are named with `AuditValue.secret`.
    package var changes: [AuditChange]
    package var details: [(name: String, value: AuditValue)]

    package init(
        _ action: String, _ objectType: String, _ objectID: String?, product: String? = nil, scope: Scope? = nil,
        changes: [AuditChange] = [], details: [(name: String, value: AuditValue)] = []
    ) {
        self.action = action
        self.objectType = objectType
        self.objectID = objectID
        self.product = product
        self.scope = scope
        self.changes = changes
        self.details = details
    }
}

extension AuditEntry {
    /// A file of such objects: what was asked for, and how many rows it has.
    package static func exported(
        _ objectType: String, _ asked: [(name: String, value: AuditValue)], rows: Int
    ) -> AuditEntry {
        AuditEntry("\(objectType)s_exported", objectType, nil, details: asked + [("rows", .number(Int64(rows)))])
    }

    /// As the trail keeps them; nil where nothing is said to have changed.
    var oldValues: JSONText? { changes.isEmpty ? nil : AuditValue.object(changes.map { ($0.name, $0.old) }) }
    var newValues: JSONText? { changes.isEmpty ? nil : AuditValue.object(changes.map { ($0.name, $0.new) }) }
}

/// One member of an object before and after.
package struct AuditChange: Sendable, Equatable {
    package let name: String
    package let old: AuditValue
    package let new: AuditValue

    /// Nil when nothing changed.
    package init?(_ name: String, _ old: AuditValue, _ new: AuditValue) {
        if old == new, old != .secret { return nil }
        self.name = name
        self.old = old
        self.new = new
    }
}

/// A value as the trail shows it.
package enum AuditValue: Sendable, Equatable {
    case none
    case text(String)
    case number(Int64)
    /// An amount, a price, what a meter says.
    case decimal(DecimalNumber)
    case flag(Bool)
    case list([String])
    /// What has members or values of its own, as its API has it.
    case json(JSONText)
    /// Shown as `***`.
    case secret

    package init(_ text: String?) { self = text.map(AuditValue.text) ?? .none }
    package init(_ value: (some CustomStringConvertible)?) { self = value.map { .text($0.description) } ?? .none }
    package init(_ value: (some BinaryInteger)?) { self = value.map { .number(Int64($0)) } ?? .none }
    package init(_ value: DecimalNumber?) { self = value.map(AuditValue.decimal) ?? .none }
    package init<let decimals: Int>(_ value: FixedPoint<decimals>?) { self = value.map { .decimal(DecimalNumber($0)) } ?? .none }
    package init(_ value: (some RawRepresentable<String>)?) { self = value.map { .text($0.rawValue) } ?? .none }
}

extension [(name: String, value: AuditValue)] {
    /// Money, as everywhere: a number, and its currency beside it.
    package static func amount(_ money: Money) -> Self {
        [("amount", .decimal(money.decimal)), ("currency", .text(money.currency.code))]
    }
}
