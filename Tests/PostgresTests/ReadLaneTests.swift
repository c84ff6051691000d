@testable import Postgres
import Support
import Testing

@Suite struct ReadLaneTests {
    /// Many reads at once on one connection, a third of them failing while they run.
    @Test func anErrorIsReportedAloneAndNeighboursAreAnswered() async throws {
        try await withDatabase(.empty, adjust: { $0.laneConnections = 1 }) { database in
            let answers = await withTaskGroup(of: (Int, Result<Int, any Error>).self) { group in
                for number in 0..<120 {
                    group.addTask {
                        let divisor = number % 3 == 0 ? 0 : 1
                        do {
                            return (number, .success(try await database.one(Things.divide(number, by: divisor))))
                        } catch { return (number, .failure(error)) }
                    }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for number in 0..<120 {
                switch answers[number] {
                case .success(let value): #expect(value == number && number % 3 != 0)
                case .failure(let error):
                    #expect(number % 3 == 0 && (error as? DatabaseError)?.state == "22012")
                case nil: Issue.record("\(number) has no answer")
                }
            }
            // They did share syncs, or nothing has been tested.
            #expect(database.metrics.retries > 0)
            #expect(database.metrics.refusals == 40)
        }
    }

    @Test func aStatementThatDoesNotPrepareHurtsNobody() async throws {
        try await withDatabase(.empty, adjust: { $0.laneConnections = 1 }) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        if number % 4 == 0 {
                            let error = try await #require(throws: DatabaseError.self) {
                                _ = try await database.all(Statement<Int>("select missing from nowhere"))
                            }
                            #expect(error.state == .undefinedTable)
                            #expect(error.statement == "select missing from nowhere")
                        } else {
                            #expect(try await database.one(Things.divide(number, by: 1)) == number)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func aWriteInDisguiseIsRefusedByTheServer() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(
                """
                create table log (line text); create function note() returns int language sql as
                $$ insert into log values ('x') returning 1 $$
                """)
            let error = try await #require(throws: DatabaseError.self) {
                _ = try await database.one(Statement<Int>("select note()"))
            }
            #expect(error.state == .readOnlyTransaction)
        }
    }

    @Test func onlySoManyStatementsStayPrepared() async throws {
        try await withDatabase(.empty, adjust: { $0.laneConnections = 1; $0.statementCapacity = 8 }) { database in
            for round in 0..<2 {
                for number in 0..<30 {
                    let sql: SQL = "select \(identifier: "c\(number)") from (values (\(number + round)::int)) as v(\(identifier: "c\(number)"))"
                    #expect(try await database.one(Statement<Int>(sql)) == number + round)
                }
            }
            let prepared = try await database.one(Statement<Int>("select count(*) from pg_prepared_statements"))
            #expect(prepared <= 8)
        }
    }

    @Test func aChangedTableIsNoticedBehindThePlan() async throws {
        try await withDatabase(.empty, adjust: { $0.laneConnections = 1 }) { database in
            try await database.administer("create table t (a int); insert into t values (1)")
            let statement = Statement<Int>("select a from t")
            #expect(try await database.one(statement) == 1)
            try await database.administer("alter table t alter a type bigint")
            #expect(try await database.one(statement) == 1)
            // The same for what is written.
            let update = Statement<Int>("update t set a = a + 1 returning a")
            #expect(try await database.one(update) == 2)
            try await database.administer("alter table t alter a type int")
            #expect(try await database.one(update) == 3)
            #expect(try await database.one(statement) == 3)
        }
    }

    @Test func theLineIsBounded() async throws {
        try await withDatabase(.empty, adjust: { $0.laneConnections = 1; $0.lineLimit = 10 }) { database in
            let outcomes = await withTaskGroup(of: DatabaseError.Kind?.self) { group in
                for number in 0..<30 {
                    group.addTask {
                        do {
                            _ = try await database.one(Things.divide(number, by: 1))
                            return nil
                        } catch { return (error as? DatabaseError)?.kind }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == nil } == 10)
            #expect(outcomes.count { $0 == .overloaded } == 20)
        }
    }

    @Test func callersOnNoLoopAndOnEveryLoopAreServed() async throws {
        try await withDatabase(.empty) { database in
            for index in TestLoops.group.loops.indices {
                let value = try await TestLoops.run(on: index) { try await database.one(Things.divide(4, by: 2)) }
                #expect(value == 2)
            }
            let elsewhere = Task.detached { try await database.one(Things.divide(4, by: 2)) }
            #expect(try await elsewhere.value == 2)
        }
    }
}
