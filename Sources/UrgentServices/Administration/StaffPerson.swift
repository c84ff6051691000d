import JSON
import Postgres
import Values

/// Somebody of the board as staff see him.
struct StaffPerson: Row, Sendable {
    let profile: Profile
    let createdAt: Instant
    let blockedAt: Instant?
    let blockedReason: String?
    /// About him as a customer.
    let complaints: Int
    let takes: Int

    init(_ row: inout RowReader) throws {
        profile = try Profile(&row)
        createdAt = try row.next()
        blockedAt = try row.next()
        blockedReason = try row.next()
        complaints = try row.next()
        takes = try row.next()
    }
}

extension StaffPerson: JSONWritable, SchemaDescribed {
    func write(to writer: inout JSONWriter) {
        writeOpen(to: &writer)
        writer.endObject()
    }

    /// Without the object's end: more may follow.
    func writeOpen(to writer: inout JSONWriter) {
        let bytes = JSONText(encoding: profile).bytes
        bytes.withUnsafeBytes { writer.write(raw: UnsafeRawBufferPointer(rebasing: $0.dropLast())) }
        writer.member("created_at", createdAt)
        writer.member("blocked_at", blockedAt)
        writer.member("blocked_reason", blockedReason)
        writer.member("complaints_count", complaints)
        writer.member("takes_count", takes)
    }

    static var schema: Schema { extended([]) }

    static func extended(_ more: [(name: String, schema: Schema)]) -> Schema {
        let added =
            [
                ("created_at", Instant.schema), ("blocked_at", Instant?.schema), ("blocked_reason", String?.schema),
                ("complaints_count", Int.schema), ("takes_count", Int.schema),
            ] + more.map { ($0.name, $0.schema) }
        return .object(Profile.shape.schema.properties + added.map { Schema.Property(name: $0, schema: $1, isRequired: true) })
    }
}

/// Somebody with what he last did.
struct StaffPersonDetails: JSONWritable, SchemaDescribed, Sendable {
    let person: StaffPerson
    /// Nil for moderators.
    let movements: [Movement]?
    let orders: [StaffOrderView]
    let complaints: [Complaint]

    func write(to writer: inout JSONWriter) {
        person.writeOpen(to: &writer)
        writer.member("transactions", movements)
        writer.member("orders", orders)
        writer.member("complaints", complaints.map(ComplaintView.init))
        writer.endObject()
    }

    static var schema: Schema {
        StaffPerson.extended([
            ("transactions", [Movement]?.schema), ("orders", [StaffOrderView].schema), ("complaints", [ComplaintView].schema),
        ])
    }
}
