import JSON
import Postgres
import Values

extension ZoneValues: WireValue {
    typealias Checked = ZoneValues

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        for (zone, value) in values { writer.member(name: zone, value) }
        writer.endObject()
    }

    init(from reader: inout JSONReader) throws {
        let members = try [String: Quantity](from: &reader)
        guard (1...4).contains(members.count) else {
            throw InvalidInput(field: "", code: "count", message: "must have between 1 and 4 zones")
        }
        guard members.keys.allSatisfy(Self.isZone) else {
            throw InvalidInput(field: "", code: "pattern", message: "must name zones by their codes")
        }
        guard members.values.allSatisfy({ !$0.isNegative && $0 <= Reading.largest }) else {
            throw InvalidInput(field: "", code: "range", message: "must be between 0 and \(Reading.largest)")
        }
        self.init(members.map { (zone: $0.key, value: $0.value) })
    }

    private static func isZone(_ name: String) -> Bool { name.utf8.count <= 50 && name.isCode }

    static var schema: Schema { .map(of: Quantity.schema) }
}

extension ZoneValues: PostgresCodable {
    static var bindType: UInt32 { PostgresType.jsonb.oid }
    static var columnTypes: [PostgresType] { [.jsonb] }
    static var specimen: ZoneValues { ZoneValues([]) }

    func bind(to draft: StatementDraft) { draft.append(utf8: jsonString) }

    /// Trusted: what stands in the column was written by `bind`, or is a number for each zone all the same.
    init?(cell: Cell) {
        // Nil is how a cell says that it is something else; the row then names its column.
        guard let members = try? [String: Quantity].decode(json: cell.text) else { return nil }
        self.init(members.map { (zone: $0.key, value: $0.value) })
    }
}
