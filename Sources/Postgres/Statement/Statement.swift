/// A statement that yields rows, ready to be run: `static func unit(_ id: ID<Unit>) -> Statement<UnitRow>`.
///
/// Statements that only read go to a read lane, where those of several requests share a round trip; everything that
/// writes or locks is sent on a connection where it stands alone. Which it is, is read from the text, once.
package struct Statement<Output: Row>: Sendable {
    package let sql: SQL
    package let route: StatementRoute

    package init(_ sql: SQL, _ route: StatementRoute = .automatic) {
        self.sql = sql
        self.route = route
    }
}

/// A statement without rows; running it answers how many rows it touched.
package struct Command: Sendable {
    package let sql: SQL

    package init(_ sql: SQL) { self.sql = sql }
}

/// Where a statement runs outside of a transaction.
package enum StatementRoute: Sendable {
    /// A plain read on the read lane, anything else alone.
    case automatic
    /// A read that may take longer than some 20 ms: on a connection of its own, so that it delays nobody.
    case report
    /// A `select` of a function that writes: sent as what writes is, alone and again after a deadlock.
    case change
}
