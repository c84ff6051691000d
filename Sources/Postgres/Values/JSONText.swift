/// A JSON document as text: what `jsonb` and `json` columns hold.
package struct JSONText: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }
}

extension JSONText: PostgresCodable, Row {
    package static var bindType: UInt32 { 0 }
    package static var columnTypes: [PostgresType] { [.jsonb, .json] }
    package static var specimen: JSONText { JSONText("null") }

    package func bind(to draft: StatementDraft) { draft.append(utf8: text) }

    package init?(cell: Cell) { text = cell.text }
}
