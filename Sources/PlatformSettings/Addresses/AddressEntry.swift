import Identity
import JSON
import Postgres
import Service
import Values

/// A rule for a network, as it is stored.
struct AddressEntry: Sendable {
    enum Kind: String, WireEnum { case allow, deny }

    let id: ID<AddressEntry>
    let createdAt: Instant
    var updatedAt: Instant
    var kind: Kind
    /// In CIDR notation without host bits, as PostgreSQL writes it.
    var network: String
    var note: String?

    static let most = 1000

    /// What all of them say together.
    static func rules(_ entries: [AddressEntry]) -> AddressRules {
        AddressRules(entries.compactMap { entry in
            Network(entry.network).map { (network: $0, isAllowed: entry.kind == .allow) }
        })
    }

    /// For the trail.
    func changes(from old: AddressEntry?) -> [AuditChange?] {
        [
            AuditChange("kind", AuditValue(old?.kind), .text(kind.rawValue)),
            AuditChange("network", AuditValue(old?.network), .text(network)),
            AuditChange("note", AuditValue(old?.note), AuditValue(note)),
        ]
    }
}

extension AddressEntry: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        kind = try row.next()
        network = try row.next()
        note = try row.next()
    }
}

extension AddressEntry: WireOutput {
    static let shape = Shape<AddressEntry>(
        output: "AddressRule",
        Field("id", { $0.id }), Field("createdAt", { $0.createdAt }), Field("updatedAt", { $0.updatedAt }),
        Field("kind", { $0.kind }), Field("network", { $0.network }), Field("note", { $0.note }))
}

/// A rule to be.
struct NewAddressRule: Shaped {
    let kind: AddressEntry.Kind
    let network: String
    let note: String?

    static let shape = Shape(
        "NewAddressRule", Self.init,
        Field("kind", { $0.kind }, doc: "deny refuses before anything else; allow makes an exception within a wider deny."),
        Field("network", { $0.network }, .length(1...50), .network),
        Field("note", { $0.note }, .length(0...500)))
}

/// A change of a rule.
struct AddressRuleChange: Shaped {
    let kind: Patch<AddressEntry.Kind>
    let network: Patch<String>
    let note: Patch<String?>

    static let shape = Shape(
        "AddressRuleChange", Self.init,
        Field("kind", { $0.kind }), Field("network", { $0.network }, .length(1...50), .network),
        Field("note", { $0.note }, .length(0...500)))

    func apply(to rule: inout AddressEntry, at now: Instant) {
        rule.updatedAt = now
        rule.kind = kind.value(or: rule.kind)
        rule.network = network.value(or: rule.network)
        rule.note = note.value(or: rule.note)
    }
}

extension Rule where Value == String {
    fileprivate static var network: Rule {
        .pattern("network", example: "192.0.2.0/24") { Network($0) != nil }
    }
}
