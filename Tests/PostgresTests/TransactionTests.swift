@testable import Postgres
import Support
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(15))) struct TransactionTests {
    private struct Refusal: Error {}
    private final class Tally: Sendable { let count = Atomic<Int>(0) }

    @Test func whatThrowsIsUndone() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.transaction { _ in
                #expect(database.isInTransaction)
                try await database.execute(Things.insert(1, "one"))
                #expect(try await database.one(Things.count) == 1)
            }
            await #expect(throws: Refusal.self) {
                try await database.transaction { _ in
                    try await database.execute(Things.insert(2, "two"))
                    throw Refusal()
                }
            }
            #expect(try await database.one(Things.count) == 1)
            #expect(!database.isInTransaction)
            #expect(database.metrics.leased == 0)
        }
    }

    @Test func nestedOnesAreSavepoints() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.transaction { _ in
                try await database.transaction { _ in try await database.execute(Things.insert(1, "kept")) }
                await #expect(throws: Refusal.self) {
                    try await database.transaction { _ in
                        try await database.execute(Things.insert(2, "undone"))
                        try await database.transaction { _ in try await database.execute(Things.insert(3, "undone too")) }
                        throw Refusal()
                    }
                }
                // A refused statement spoils its savepoint, not the transaction around it.
                await #expect(throws: DatabaseError.self) {
                    try await database.transaction { _ in try await database.execute(Things.insert(4, "kept")) }
                }
                try await database.transaction { _ in }
                try await database.execute(Things.insert(5, "last"))
            }
            #expect(try await database.all(Things.all).map(\.id) == [1, 5])
        }
    }

    @Test func aRefusalThatIsSwallowedStillFailsTheCommit() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            let error = try await #require(throws: DatabaseError.self) {
                try await database.transaction { _ in
                    try await database.execute(Things.insert(1, "one"))
                    _ = try? await database.execute(Things.insert(1, "one"))
                }
            }
            #expect(error.isUniqueViolation)
            #expect(try await database.one(Things.count) == 0)
        }
    }

    @Test func twoDatabasesKeepTheirTransactionsApart() async throws {
        try await withDatabase(.empty) { first in
            try await withDatabase(.empty) { second in
                for database in [first, second] { try await database.administer(Things.table) }
                try await first.transaction { _ in
                    try await first.execute(Things.insert(1, nil))
                    _ = try? await second.transaction { _ in
                        try await second.execute(Things.insert(1, nil))
                        try await first.execute(Things.insert(2, nil))
                        throw Refusal()
                    }
                }
                #expect(try await first.one(Things.count) == 2)
                #expect(try await second.one(Things.count) == 0)
            }
        }
    }

    @Test func anUnusedTransactionTakesNoConnection() async throws {
        try await withDatabase(.empty) { database in
            let before = database.metrics
            let value = try await database.transaction { _ in 5 }
            #expect(value == 5)
            #expect(database.metrics.groups == before.groups && database.metrics.opened == before.opened)
        }
    }

    /// BEGIN and the first statement share a round trip; COMMIT is the second.
    @Test func oneStatementTakesTwoRoundTrips() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            let before = database.metrics.groups
            try await database.transaction { _ in try await database.execute(Things.insert(1, nil)) }
            #expect(database.metrics.groups == before + 2)
        }
    }

    @Test func afterCommitRunsOnceAndOnlyAfterTheOutermost() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            let told = Mutex<[String]>([])
            let tell: @Sendable (String) -> @Sendable () -> Void = { word in { told.withLock { $0.append(word) } } }
            database.afterCommit(tell("at once"))
            try await database.transaction { _ in
                try await database.execute(Things.insert(1, nil))
                try await database.transaction { _ in database.afterCommit(tell("inner")) }
                _ = try? await database.transaction { _ in
                    database.afterCommit(tell("never"))
                    throw Refusal()
                }
                #expect(told.withLock { $0 } == ["at once"])
            }
            _ = try? await database.transaction { _ in
                database.afterCommit(tell("never"))
                throw Refusal()
            }
            #expect(told.withLock { $0 } == ["at once", "inner"])
        }
    }

    /// Each reads first and writes what follows from it: those that overlap cannot all be serialised.
    @Test func whatCannotBeSerialisedIsRunAgain() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.execute(Things.insert(1, nil, amount: 100))
            let runs = Tally()
            let haveRead = Rendezvous(parties: 3)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        try await database.transaction(.serializable) { _ in
                            runs.count.add(1, ordering: .relaxed)
                            let amount = try await database.one(Things.thing(1)).amount
                            await haveRead.arrive()
                            try await database.execute(Command("update things set amount = \(amount - 10) where id = 1"))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.one(Things.thing(1)).amount == 70)
            #expect(runs.count.load(ordering: .relaxed) > 3)
        }
    }

    @Test func deadlocksAreResolved() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.write([Things.insert(1, nil), Things.insert(2, nil)])
            let met = Rendezvous(parties: 2)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (first, second) in [(1, 2), (2, 1)] {
                    group.addTask {
                        try await database.transaction { _ in
                            try await database.execute(Things.add(1, to: first))
                            await met.arrive()
                            try await database.execute(Things.add(1, to: second))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.all(Things.all).map(\.amount) == [2, 2])
            #expect(database.metrics.retries > 0)
        }
    }

    /// A function that writes meets others who do.
    @Test func aCallThatChangesIsRunAgainAfterADeadlock() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(
                """
                create sequence tries;
                create function meet() returns integer language plpgsql as $$
                begin
                    if nextval('tries') < 3 then
                        raise exception 'in a circle' using errcode = 'deadlock_detected';
                    end if;
                    return 7;
                end $$;
                """)
            #expect(try await database.one(Statement<Int>("select meet()", .change)) == 7)
            #expect(database.metrics.retries == 2)
            // Not for ever.
            try await database.administer(
                """
                create function lose() returns integer language plpgsql as $$
                begin raise exception 'in a circle' using errcode = 'deadlock_detected'; end $$
                """)
            let error = await #expect(throws: DatabaseError.self) {
                try await database.one(Statement<Int>("select lose()", .change))
            }
            #expect(error?.state == .deadlockDetected)
        }
    }

    @Test func childTasksOfATransactionTakeTurns() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.transaction { _ in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<20 {
                        group.addTask { try await database.execute(Things.insert(number, nil)) }
                    }
                    try await group.waitForAll()
                }
                #expect(try await database.one(Things.count) == 20)
            }
            #expect(try await database.one(Things.count) == 20)
        }
    }

    @Test func leasesAreGrantedInTurnAndWaitNoLongerThanAllowed() async throws {
        try await withDatabase(.empty, adjust: { $0.maximumConnections = 5; $0.waitLimit = .milliseconds(200) }) { database in
            // The one connection for it is open: whoever comes first has it at once.
            while (try? await database.transaction { _ in try await database.one(Things.divide(1, by: 1)) }) == nil {}
            let holder = await Holder(database) { _ = try await database.one(Things.divide(1, by: 1)) }
            // One lease connection per loop, and it is taken.
            let error = try await #require(throws: DatabaseError.self) {
                try await database.transaction { _ in _ = try await database.one(Things.divide(1, by: 1)) }
            }
            #expect(error.kind == .overloaded && error.isOutage)
            try await holder.letGo()
            _ = try await database.transaction { _ in try await database.one(Things.divide(1, by: 1)) }
        }
    }

    /// Neither the cancelled child nor its parent may believe that the rest was committed.
    @Test func aStatementGivenUpInAChildTaskFailsTheCommit() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.execute(Things.insert(1, nil))
            let holder = await Holder(database) { try await database.execute(Things.add(1, to: 1)) }
            let error = try await #require(throws: DatabaseError.self) {
                try await database.transaction { _ in
                    try await database.execute(Things.insert(2, nil))
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { _ = try? await database.execute(Things.add(1, to: 1)) }
                        try await Backends.untilBlocked(database)
                        group.cancelAll()
                    }
                }
            }
            #expect(error.state == .queryCanceled)
            try await holder.letGo()
            #expect(try await database.all(Things.all).map(\.id) == [1])
        }
    }

    /// The server knows of a failure that we do not.
    @Test func aCommitThatTheServerAnswersWithARollbackIsAFailure() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            let error = try await #require(throws: DatabaseError.self) {
                try await database.transaction { _ in
                    try await database.execute(Things.insert(1, nil))
                    try await database.execute(Command("rollback"))
                    try await database.execute(Command("begin"))
                    _ = try? await database.transaction { _ in
                        try await database.execute(Command("rollback"))
                        throw Refusal()
                    }
                }
            }
            #expect(error.kind == .refused)
            #expect(try await database.one(Things.count) == 0)
        }
    }

    @Test func aStatementThatCouldNotBeSentFailsTheCommit() async throws {
        try await withDatabase(.empty, adjust: { $0.maximumConnections = 5; $0.waitLimit = .milliseconds(200) }) { database in
            try await database.administer(Things.table)
            let refused = try await #require(throws: DatabaseError.self) {
                try await database.transaction { _ in _ = try? await database.execute(Things.insert(1, "\0")) }
            }
            #expect(refused.state == .characterNotInRepertoire)
            while (try? await database.transaction { _ in try await database.one(Things.divide(1, by: 1)) }) == nil {}
            let holder = await Holder(database) { _ = try await database.one(Things.divide(1, by: 1)) }
            // No connection becomes free for it, and the caller swallows that.
            let error = try await #require(throws: DatabaseError.self) {
                try await database.transaction { _ in _ = try? await database.execute(Things.insert(1, nil)) }
            }
            #expect(error.kind == .overloaded)
            try await holder.letGo()
            // What a savepoint has failed to do is not the transaction's failure.
            try await database.transaction { _ in
                _ = try? await database.transaction { _ in try await database.execute(Things.insert(1, "\0")) }
                try await database.execute(Things.insert(2, nil))
            }
            #expect(try await database.all(Things.all).map(\.id) == [2])
        }
    }

    @Test func aSavepointIsReturnedToAlsoWhenNoMoreStatementsFit() async throws {
        try await withDatabase(.empty, adjust: { $0.maximumConnections = 5; $0.statementCapacity = 8 }) { database in
            try await database.administer(Things.table)
            try await database.transaction(.serializable) { _ in
                for number in 0..<10 {
                    let column: SQL = "\(identifier: "c\(number)")"
                    #expect(try await database.one(Statement<Int>("select \(column) from (values (1)) v(\(column))")) == 1)
                }
                await #expect(throws: DatabaseError.self) {
                    try await database.transaction { _ in try await database.one(Things.divide(1, by: 0)) }
                }
                try await database.execute(Things.insert(1, nil))
            }
            // The level is chosen at the first statement, after whatever makes room for it.
            try await database.transaction(.repeatableRead) { _ in try await database.execute(Things.insert(2, nil)) }
            try await database.transaction { _ in try await database.execute(Things.insert(3, nil)) }
            let prepared = try await database.transaction { _ in
                try await database.one(Statement<Int>("select count(*) from pg_prepared_statements"))
            }
            #expect(prepared <= 8)
            #expect(try await database.all(Things.all).map(\.id) == [1, 2, 3])
        }
    }

    /// A table changes under a plan while other statements of the transaction are prepared already.
    @Test func statementsPreparedAroundAChangedTableAreMadeAnew() async throws {
        try await withDatabase(.empty, adjust: { $0.maximumConnections = 5 }) { database in
            try await database.administer("create table t (a int); insert into t values (1)")
            let changed = Statement<Int>("select a from t for update")
            func other(_ number: Int) -> Statement<Int> {
                Statement("select \(identifier: "c\(number)") from (values (1)) v(\(identifier: "c\(number)"))")
            }
            _ = try await database.transaction { _ in try await database.one(changed) }
            try await database.administer("alter table t alter a type bigint")
            await #expect(throws: DatabaseError.self) {
                try await database.transaction { _ in
                    _ = try? await database.transaction { _ in try await database.one(changed) }
                    // Prepared after everything was to be forgotten, before the server has forgotten it.
                    _ = try await database.one(other(1))
                    throw DatabaseError("P0001", "enough")
                }
            }
            for _ in 0..<3 {
                let sum = try await database.transaction { _ in
                    try await database.one(other(2)) + database.one(other(1)) + database.one(changed)
                }
                #expect(sum == 3)
            }
        }
    }
}
