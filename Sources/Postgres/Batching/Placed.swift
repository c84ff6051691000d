/// A row of a statement that asks several questions: the place of the question it answers, counted from 1 as
/// `with ordinality` does, and the answer.
package struct Placed<Output: Row>: Row {
    package let place: Int
    package let output: Output

    package init(_ row: inout RowReader) throws {
        place = try row.next()
        output = try Output(&row)
    }
}
