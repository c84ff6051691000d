/// Where a statement and its Swift types disagree.
package struct StatementMismatch: Sendable, CustomStringConvertible {
    package let statement: String
    package let reason: String

    package var description: String { "\(statement): \(reason)" }
}
