import Runtime

/// One loop's part of the database: its connections and the statements it has met. Confined to its loop.
final class DatabaseShard: @unchecked Sendable {
    /// Its index among the database's.
    let number: Int
    let loop: EventLoop
    let counters = DatabaseCounters()
    let lane: ReadLane
    let pool: LeasePool
    private var catalog = StatementCatalog()

    init(
        number: Int, loop: EventLoop, settings: DatabaseSettings, share: (lane: Int, lease: Int), kept: Int, resolver: Resolver,
        blocking: BlockingPool
    ) {
        self.number = number
        self.loop = loop
        lane = ReadLane(loop: loop, settings: settings, size: share.lane, resolver: resolver, counters: counters)
        pool = LeasePool(
            loop: loop, settings: settings, size: share.lease, kept: kept, resolver: resolver, blocking: blocking,
            counters: counters)
    }

    /// A use of a statement, checked before anything is sent.
    func pending(_ sql: SQL) throws(DatabaseError) -> Pending {
        let draft = sql.draft
        if let refusal = draft.refusal { throw refusal }
        // The protocol counts parameters in 16 bits.
        if draft.bindCount > 65_535 { throw DatabaseError("54023", "\(draft.bindCount) binds in one statement") }
        return Pending(draft, catalog.text(of: draft))
    }

    /// Uses linked to one group; the first carries its outcome.
    func group(_ statements: [SQL]) throws(DatabaseError) -> [Pending] {
        var group: [Pending] = []
        group.reserveCapacity(statements.count)
        for sql in statements {
            let next = try pending(sql)
            group.last?.next = next
            group.append(next)
        }
        return group
    }
}
