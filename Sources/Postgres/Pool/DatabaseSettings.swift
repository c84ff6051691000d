/// How many connections a process keeps, and how long its requests wait for one.
package struct DatabaseSettings: Sendable {
    package var connection: ConnectionSettings
    /// Connections of the process in all (`DB_POOL_MAX`), divided over its loops. Each loop has at least one for reads
    /// and one for writes; one is kept aside for listening and short-lived special connections.
    package var maximumConnections = 20
    /// Connections per loop on which reads share round trips. More make smaller batches.
    package var laneConnections = 2
    /// Reads behind one sync.
    package var batchLimit = 16
    /// Writes of different requests on their way on one connection.
    package var writeDepth = 4
    /// Connections of the process for writes and transactions that stay open when nobody needs them (`DB_POOL_MIN`), divided
    /// over its loops.
    package var keptConnections = 2
    /// Statements prepared on one connection.
    package var statementCapacity = 256
    /// Requests in line on one loop, for reads and for writes each; one more is refused.
    package var lineLimit = 2048
    /// How long a request stands in line before it is refused.
    package var waitLimit: Duration = .seconds(5)
    /// How often a transaction that failed to serialise, or met a deadlock, is run again.
    package var transactionRetries = 3

    package init(_ connection: ConnectionSettings) { self.connection = connection }

    /// For how many loops so many connections are enough.
    package static func loops(connections: Int) -> Int { (connections - 1) / 2 }

    /// Per loop: how many stay open when nobody needs them.
    func kept(loops: Int) -> Int { (keptConnections + loops - 1) / max(1, loops) }

    /// Per loop: connections for reads, and for everything else.
    func share(loops: Int) -> (lane: Int, lease: Int) {
        let each = max(2, (maximumConnections - 1) / max(1, loops))
        let lane = max(1, min(laneConnections, each / 2))
        return (lane, each - lane)
    }
}
