import Glibc
import Postgres
import Runtime
import Support
import Synchronization
import Testing

/// What has been acknowledged is there, whatever ends in between; and every request ends.
@Suite(.timeLimit(.minutes(15))) struct DurabilityTests {
    private final class Acknowledged: Sendable {
        let ids = Mutex<Set<Int>>([])
        let isOver = Atomic<Bool>(false)
        var count: Int { ids.withLock { $0.count } }
    }

    /// Inserts until told to stop, or until the test has failed: single rows, batches, transactions in turn.
    private func insert(_ worker: Int, into database: Database, _ acknowledged: Acknowledged) async {
        var round = 0
        while !acknowledged.isOver.load(ordering: .relaxed), !Task.isCancelled {
            let ids = (0..<3).map { worker * 1_000_000 + round * 3 + $0 }
            round += 1
            do {
                switch round % 3 {
                case 0: for id in ids { try await database.execute(Things.insert(id, nil)) }
                case 1: try await database.write(ids.map { Things.insert($0, nil) })
                default:
                    try await database.transaction { _ in
                        for id in ids { try await database.execute(Things.insert(id, nil)) }
                    }
                }
                acknowledged.ids.withLock { $0.formUnion(ids) }
                _ = try? await database.one(Things.count)
            } catch {
                await Task.yield()
            }
        }
    }

    /// A report is not sent again when its session was one of those that were killed a moment ago.
    private func present(in database: Database) async throws -> [Int] {
        while true {
            do {
                return try await database.all(Statement<Int>("select id from things", .report))
            } catch let error as DatabaseError where error.isOutage {
                await Task.yield()
            }
        }
    }

    private func expectAll(_ acknowledged: Acknowledged, in database: Database) async throws {
        let present = try await present(in: database)
        let ids = acknowledged.ids.withLock { $0 }
        #expect(ids.isSubset(of: present))
        // A batch or transaction is there as a whole or not at all.
        let groups = Dictionary(grouping: present) { $0 / 1_000_000 * 1_000_000 + $0 % 1_000_000 / 3 }
        for (group, members) in groups where (group % 1_000_000 + 1) % 3 != 0 { #expect(members.count == 3) }
    }

    @Test func sessionsAreKilledAgainAndAgain() async throws {
        try await withDatabase(.empty, adjust: { $0.waitLimit = .seconds(60) }) { database in
            try await database.administer(Things.table)
            let acknowledged = Acknowledged()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<12 { group.addTask { await insert(worker, into: database, acknowledged) } }
                for round in 1...15 {
                    try await Backends.until { acknowledged.count > round * 30 }
                    try await Backends.kill(database)
                }
                acknowledged.isOver.store(true, ordering: .relaxed)
                try await group.waitForAll()
            }
            try await expectAll(acknowledged, in: database)
            #expect(database.metrics.losses > 0)
            #expect(database.metrics.leased == 0)
        }
    }

    @Test func theServerIsKilled() async throws {
        try await TestLoops.run {
            let options = ClusterOptions(folder: TestCluster.folder + "/killed")
            let cluster = try await PrivateCluster.start(options, blocking: TestLoops.blocking)
            var settings = DatabaseSettings(try ConnectionSettings(cluster.connectionString))
            settings.waitLimit = .seconds(60)
            let database = Database(settings, loops: TestLoops.group.loops, blocking: TestLoops.blocking)
            try await database.administer(Things.table)
            let acknowledged = Acknowledged()
            let again = try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<12 { group.addTask { await insert(worker, into: database, acknowledged) } }
                try await Backends.until { acknowledged.count > 150 }
                cluster.kill(signal: SIGKILL)
                cluster.abandon()
                try await Backends.until { database.metrics.connections == 0 }
                let again = try await PrivateCluster.start(options, blocking: TestLoops.blocking)
                let before = acknowledged.count
                try await Backends.until { acknowledged.count > before + 100 }
                acknowledged.isOver.store(true, ordering: .relaxed)
                try await group.waitForAll()
                return again
            }
            try await expectAll(acknowledged, in: database)
            database.close()
            await again.stop()
        }
    }
}
