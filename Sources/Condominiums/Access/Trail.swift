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

    /// Something came to be: the members of its wire form.
    func record(
        _ action: String, _ type: String, _ id: String, new: some JSONWritable, in scope: Scope?, by author: Author
    ) async {
        await record(action, type, id, Self.changes(from: [], to: Self.members(of: new)), in: scope, by: author)
    }

    /// Something ceased to be: what it was.
    func record(
        _ action: String, _ type: String, _ id: String, old: some JSONWritable, in scope: Scope?, by author: Author
    ) async {
        await record(action, type, id, Self.changes(from: Self.members(of: old), to: []), in: scope, by: author)
    }

    /// Something happened to an object that leaves its members as they are, or that `changes` tell better.
    func record(
        _ action: String, _ type: String, _ id: String, _ changes: [AuditChange] = [], in scope: Scope?,
        by author: Author
    ) async {
        await audit.record(
            AuditEntry(action, type, id, product: "condominiums", scope: scope, changes: changes), by: author.trail)
    }

    /// What to say of a reading that staff have recorded; nil for one that only a resident can have.
    func line(of reading: NewReading, as id: ID<Reading>, by author: Author) -> AuditLine? {
        guard reading.mayBeOfStaff else { return nil }
        let changes = [
            AuditChange("meterId", .none, AuditValue(reading.meter)), AuditChange("value", .none, AuditValue(reading.value)),
            AuditChange("zoneValues", .none, reading.zones.map { .json(JSONText(encoding: $0)) } ?? .none),
            AuditChange("readingDate", .none, AuditValue(reading.day)),
        ].compactMap { $0 }
        return AuditLine(
            AuditEntry("reading_recorded", "reading", id.description, product: "condominiums", changes: changes),
            by: author.trail, at: reading.at)
    }

    /// The rows of readings, as part of the statement that stores them: for each row `r` of `source`, which names the
    /// unit, that `condition` ties a line to.
    static func recording(_ lines: [PlacedAuditLine], from source: SQL, where condition: SQL) -> Command {
        Audit.insertion(lines, scope: .unit, id: "r.unit_id", from: source, where: condition)
    }

    /// Something changed: the members of its wire form that differ. Sealed columns have no wire form here.
    func record<Wire: JSONWritable>(
        _ action: String, _ type: String, _ id: String, from old: Wire, to new: Wire, in scope: Scope?, by author: Author
    ) async {
        let changes = Self.changes(from: old, to: new)
        guard !changes.isEmpty else { return }
        await record(action, type, id, changes, in: scope, by: author)
    }

    static func changes<Wire: JSONWritable>(from old: Wire, to new: Wire) -> [AuditChange] {
        changes(from: members(of: old), to: members(of: new))
    }

    private typealias Member = (name: String, value: JSONValue)

    private static func members(of wire: some JSONWritable) -> [Member] {
        guard let members = JSONValue(encoding: wire).object else {
            preconditionFailure("what the trail shows are objects, as \(type(of: wire)) is not")
        }
        return members
    }

    /// What identifies the row and when it was written stand beside the changes already.
    private static let untold: Set<String> = ["id", "createdAt", "updatedAt"]

    private static func changes(from old: [Member], to new: [Member]) -> [AuditChange] {
        let before = Dictionary(old.map { ($0.name, $0.value) }) { first, _ in first }
        let after = Dictionary(new.map { ($0.name, $0.value) }) { first, _ in first }
        return (new.isEmpty ? old : new).compactMap { member in
            if untold.contains(member.name) { return nil }
            return AuditChange(
                member.name, before[member.name].map(told) ?? .none, after[member.name].map(told) ?? .none)
        }
    }

    private static func told(_ value: JSONValue) -> AuditValue {
        switch value {
        case .null: .none
        case .string(let text): .text(text)
        default: .json(JSONText(encoding: value))
        }
    }
}
