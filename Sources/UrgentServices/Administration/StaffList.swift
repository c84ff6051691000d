import JSON
import Service

/// A list for staff: what is on this stretch, and how much there is in all.
struct StaffList<Item: Answerable>: JSONWritable, SchemaDescribed, Sendable {
    let items: [Item]
    let total: Int
    let slice: Slice

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("items", items)
            writer.member("total", total)
            writer.member("limit", slice.limit)
            writer.member("offset", slice.offset)
        }
    }

    static var schema: Schema {
        .object(
            [("items", [Item].schema), ("total", Int.schema), ("limit", Int.schema), ("offset", Int.schema)]
                .map { Schema.Property(name: $0, schema: $1, isRequired: true) })
    }
}
