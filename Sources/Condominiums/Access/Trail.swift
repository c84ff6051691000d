import Identity
import JSON
import Postgres
import Service
import Values

/// Writes the product's changes into the audit trail.
struct Trail: Sendable {
    private let audit: Audit

    init(_ audit: Audit) {
        self.audit = audit
    }

    /// Something came to be, or ceased to.
    func record(_ action: String, _ type: String, _ id: String, in scope: Scope?, by author: Author) async {
        await audit.record(
            AuditEntry(action, type, id, product: "condominiums", scope: scope), by: author.trail)
    }

    /// What to say of a reading that staff have recorded.
    func line(of id: ID<Reading>, by author: Author, at moment: Instant) -> AuditLine {
        AuditLine(
            AuditEntry("reading_recorded", "reading", id.description, product: "condominiums"), by: author.trail, at: moment)
    }

    /// The rows of readings, as part of the statement that stores them: for each row `r` of `source`, which names the
    /// unit, that `condition` ties a line to.
    static func recording(_ lines: [AuditLine], from source: SQL, where condition: SQL) -> Command {
        Audit.insertion(lines, scope: .unit, id: "r.unit_id", from: source, where: condition)
    }

    /// Something changed: the members of its wire form that differ, as texts. Sealed columns have no wire form here.
    func record<Wire: JSONWritable>(
        _ action: String, _ type: String, _ id: String, from old: Wire, to new: Wire, in scope: Scope?, by author: Author
    ) async {
        let changes = Self.changes(from: old, to: new)
        guard !changes.isEmpty else { return }
        await audit.record(
            AuditEntry(action, type, id, product: "condominiums", scope: scope, changes: changes), by: author.trail)
    }

    static func changes<Wire: JSONWritable>(from old: Wire, to new: Wire) -> [AuditChange] {
        guard let before = JSONValue(encoding: old).object, let after = JSONValue(encoding: new).object else {
            preconditionFailure("what the trail compares are objects, as \(Wire.self) is not")
        }
        let earlier = Dictionary(before.map { ($0.name, $0.value) }) { first, _ in first }
        return after.compactMap { member in
            guard member.name != "updatedAt" else { return nil }
            return AuditChange(
                member.name, AuditValue(earlier[member.name].flatMap(text)), AuditValue(text(member.value)))
        }
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .null: nil
        case .string(let text): text
        default: value.jsonString
        }
    }
}
