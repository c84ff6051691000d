import Values

extension PostgresBindable where Self: ASCIIText {
    package func bind(to draft: StatementDraft) {
        draft.append(most: Self.longestText) { writeText(to: $0) }
    }
}

extension PostgresDecodable where Self: ASCIIText {
    package init?(cell: Cell) { self.init(ascii: cell.bytes) }
}

extension UUID: PostgresCodable, PostgresElement, Row {
    package static var bindType: UInt32 { PostgresType.uuid.oid }
    package static var columnTypes: [PostgresType] { [.uuid] }
    package static var specimen: UUID { .zero }
    package static var isPlain: Bool { true }
    package static var arrayBindType: UInt32 { PostgresType.uuidArray.oid }
    package static var arrayTypes: [PostgresType] { [.uuidArray] }
}

extension ID: PostgresCodable, PostgresElement, Row {
    package static var bindType: UInt32 { UUID.bindType }
    package static var columnTypes: [PostgresType] { UUID.columnTypes }
    package static var specimen: ID { ID(.zero) }
    package static var isPlain: Bool { true }
    package static var arrayBindType: UInt32 { UUID.arrayBindType }
    package static var arrayTypes: [PostgresType] { UUID.arrayTypes }
}

extension Day: PostgresCodable, PostgresElement, Row {
    package static var bindType: UInt32 { PostgresType.date.oid }
    package static var columnTypes: [PostgresType] { [.date] }
    package static var specimen: Day { .first }
    package static var isPlain: Bool { true }
    package static var arrayBindType: UInt32 { PostgresType.dateArray.oid }
    package static var arrayTypes: [PostgresType] { [.dateArray] }
}

/// A period is kept as the `date` of its first day, so that it sorts and ranges as dates do.
extension Period: PostgresCodable, Row {
    package static var bindType: UInt32 { PostgresType.date.oid }
    package static var columnTypes: [PostgresType] { [.date] }
    package static var specimen: Period { Period(.first) }

    package func bind(to draft: StatementDraft) { firstDay.bind(to: draft) }

    package init?(cell: Cell) {
        guard let day = Day(cell: cell), day.day == 1 else { return nil }
        self = day.period
    }
}

/// `numeric`, never through floating point. A column with more decimals than the type is refused, not rounded.
extension FixedPoint: PostgresCodable, PostgresElement, Row {
    package static var bindType: UInt32 { PostgresType.numeric.oid }
    package static var columnTypes: [PostgresType] { [.numeric] }
    package static var specimen: FixedPoint<scale> { .zero }
    package static var isPlain: Bool { true }
    package static var arrayBindType: UInt32 { PostgresType.numericArray.oid }
    package static var arrayTypes: [PostgresType] { [.numericArray] }
}
