/// A row that is not what its type expects: a mistake of the program, found by the statement test.
package struct RowError: Error, Sendable, CustomStringConvertible {
    /// Counted from 1, as PostgreSQL does.
    package let column: Int
    package let name: String
    package let reason: String

    package var description: String { "column \(column) (\(name)): \(reason)" }
}
