/// What the database layer has done since its start, and how it stands, over all loops.
package struct DatabaseMetrics: Sendable, Equatable {
    /// Statements sent.
    package var queries = 0
    /// Rows received.
    package var rows = 0
    /// Batches of reads, each one sync.
    package var batches = 0
    /// Writes and statements of transactions, each one sync.
    package var groups = 0
    package var transactions = 0
    /// Statements and transactions sent once more.
    package var retries = 0
    /// Statements that had to wait for a connection, and for how long in all.
    package var waited = 0
    package var waitNanoseconds = 0
    /// Errors by class: refused by PostgreSQL, lost or missing connections, too long lines (requests to cancel that
    /// found no room included).
    package var refusals = 0
    package var losses = 0
    package var overloads = 0
    /// Connections opened so far, open now, given to transactions now; statements in line now.
    package var opened = 0
    package var connections = 0
    package var leased = 0
    package var waiting = 0

    mutating func add(_ counters: DatabaseCounters) {
        queries += counters.queries.value
        rows += counters.rows.value
        batches += counters.batches.value
        groups += counters.groups.value
        transactions += counters.transactions.value
        retries += counters.retries.value
        waited += counters.waited.value
        waitNanoseconds += counters.waitNanoseconds.value
        refusals += counters.refusals.value
        losses += counters.losses.value
        overloads += counters.overloads.value
        opened += counters.opened.value
        connections += counters.connections.value
        leased += counters.leased.value
        waiting += counters.waiting.value
    }
}
