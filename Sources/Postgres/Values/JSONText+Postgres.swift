import JSON

/// A JSON document as text: what `jsonb` and `json` columns hold.
extension JSONText: PostgresCodable, Row {
    package static var bindType: UInt32 { 0 }
    package static var columnTypes: [PostgresType] { [.jsonb, .json] }
    package static var specimen: JSONText { JSONText(trusted: Array("null".utf8)) }

    package func bind(to draft: StatementDraft) { bytes.withUnsafeBufferPointer { draft.append($0) } }

    package init?(cell: Cell) { self.init(trusted: Array(cell.bytes)) }
}
