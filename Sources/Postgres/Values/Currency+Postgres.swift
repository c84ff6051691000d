import Values

/// `char(3)`: the code.
extension Currency: PostgresCodable, Row {
    package static var bindType: UInt32 { 0 }
    package static var columnTypes: [PostgresType] { [.bpchar, .text] }
    package static var specimen: Currency { .eur }
}
