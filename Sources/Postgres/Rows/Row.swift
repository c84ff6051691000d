/// What one row of a result becomes. Columns are taken by position, in the order of the select list.
///
/// ```swift
/// struct UnitRow: Row {
///     let id: ID<Unit>, number: String, area: Area?
///     init(_ row: inout RowReader) throws {
///         id = try row.next()
///         number = try row.next()
///         area = try row.next()
///     }
/// }
/// ```
package protocol Row: Sendable {
    init(_ row: inout RowReader) throws
}

/// A single column is a row of its own: `Statement<Int>`, `Statement<ID<Unit>>`.
extension Row where Self: PostgresDecodable {
    package init(_ row: inout RowReader) throws { self = try row.next() }
}

extension Optional: Row where Wrapped: PostgresDecodable & Row {
    package init(_ row: inout RowReader) throws { self = try row.next() }
}

extension Array: Row where Element: PostgresElement {}
extension Int: Row {}
extension Bool: Row {}
extension String: Row {}

/// Several columns without a type of their own: `Statement<Columns<ID<Unit>, String>>`.
package struct Columns<each Column: Row>: Row {
    package let values: (repeat each Column)

    package init(_ row: inout RowReader) throws {
        values = (repeat try (each Column)(&row))
    }
}
