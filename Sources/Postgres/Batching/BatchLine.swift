import Runtime

/// One loop's part of a batcher: who waits to be asked, and what is under way. Confined to its loop.
///
/// A channel without a descriptor: marked dirty, it is told of the end of the loop's round.
final class BatchLine<Question: Sendable, Output: Row>: Channel, @unchecked Sendable {
    private let shard: DatabaseShard
    private let database: Database
    private let limit: Int
    private let statement: @Sendable ([Question]) -> Statement<Placed<Output>>
    private let line: WaitingLine
    /// How many statements may be under way; what comes beyond them gathers for the next.
    private let atOnce: Int
    private var underWay = 0
    /// Fewer than these are not worth a statement beside another.
    private var worthOne: Int { max(1, limit / 4) }

    init(
        _ shard: DatabaseShard, _ database: Database, limit: Int, atOnce: Int,
        _ statement: @escaping @Sendable ([Question]) -> Statement<Placed<Output>>
    ) {
        self.shard = shard
        self.database = database
        self.limit = limit
        self.atOnce = atOnce
        self.statement = statement
        line = WaitingLine(
            loop: shard.loop, limit: database.settings.lineLimit, patience: database.settings.waitLimit,
            counters: shard.counters)
        super.init()
    }

    /// Suspends until a question has been answered, or is to be asked again alone.
    func wait(_ asked: Asked<Question>) async throws(DatabaseError) {
        try await asked.wait {
            line.append(asked)
            shard.loop.markDirty(self)
        }
    }

    /// At the end of a round: what has gathered is asked.
    override func flush() {
        if underWay == 0 ? !line.isEmpty : underWay < atOnce && line.count >= worthOne {
            var batch: [Asked<Question>] = []
            batch.reserveCapacity(min(limit, line.count))
            while batch.count < limit, let next = line.popFirst() {
                batch.append(unsafeDowncast(next, to: Asked<Question>.self))
            }
            underWay += 1
            shard.loop.spawn { [self, batch] in
                await ask(batch)
                underWay -= 1
                if !line.isEmpty { shard.loop.markDirty(self) }
            }
        }
        line.watch()
    }

    private func ask(_ batch: [Asked<Question>]) async {
        do {
            let statement = statement(batch.map { $0.question })
            let pending = try await database.run(statement.sql, statement.route).pending
            for row in 0..<pending.rowCount {
                let place = try pending.row(Int32(row), as: Int.self)
                guard place >= 1, place <= batch.count else {
                    throw DatabaseError("22003", "row \(row) has the place \(place) of \(batch.count)")
                }
                batch[place - 1].note(row: Int32(row), of: pending)
            }
            for asked in batch { asked.finish() }
        } catch let error as DatabaseError where error.kind == .refused && batch.count > 1 && !error.isOutage {
            shard.counters.retries.bump()
            for asked in batch {
                asked.isSpoiled = true
                asked.finish()
            }
        } catch {
            let error = error as? DatabaseError ?? DatabaseError("XX000", "\(error)")
            for asked in batch { asked.finish(error) }
        }
    }
}
