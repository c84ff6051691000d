/// A statement as an example for the statement test: its text does not depend on the values it was made with.
package struct StatementSample: Sendable {
    package let name: String
    let sql: SQL
    /// What the row type reads; nil for a command.
    let columns: [RowProbe.Column]?

    package init<Output: Row>(_ name: String, _ statement: Statement<Output>) {
        self.name = name
        sql = statement.sql
        columns = RowProbe.columns(of: Output.self)
    }

    package init(_ name: String, _ command: Command) {
        self.name = name
        sql = command.sql
        columns = nil
    }
}
