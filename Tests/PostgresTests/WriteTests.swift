@testable import Postgres
import Support
import Testing

@Suite struct WriteTests {
    @Test func aBatchIsAllOrNothing() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            let (inserted, thing, count) = try await database.write(
                Things.insert(1, "one", amount: 5), Things.thing(1), Things.count)
            #expect(inserted == 1 && thing == [.init(id: 1, name: "one", amount: 5)] && count == [1])
            let error = try await #require(throws: DatabaseError.self) {
                try await database.write(Things.insert(2, "two"), Things.divide(1, by: 0), Things.insert(3, "three"))
            }
            #expect(error.state == "22012")
            #expect(try await database.one(Things.count) == 1)
            #expect(try await database.write([Things.add(1, to: 1), Things.add(2, to: 1), Things.add(1, to: 9)]) == [1, 1, 0])
            #expect(try await database.first(Things.thing(1))?.amount == 8)
        }
    }

    @Test func violationsNameTheirConstraint() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.administer("create table parts (thing bigint constraint parts_of_things references things)")
            try await database.execute(Things.insert(1, "one"))
            func failure(_ command: Command) async throws -> DatabaseError {
                try await #require(throws: DatabaseError.self) { try await database.execute(command) }
            }
            let unique = try await failure(Things.insert(2, "one"))
            #expect(unique.isUniqueViolation && unique.violates("things_name_key") && unique.table == "things")
            #expect(try await failure(Things.add(-1, to: 1)).violates("things_amount_positive"))
            let foreign = try await failure(Command("insert into parts values (\(7))"))
            #expect(foreign.isForeignKeyViolation && foreign.violates("parts_of_things"))
        }
    }

    /// The command is answered before the commit, the violation comes with the commit.
    @Test func aFailingCommitIsAFailure() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(
                "create table t (a int constraint t_unique unique deferrable initially deferred); insert into t values (1)")
            let error = try await #require(throws: DatabaseError.self) {
                try await database.execute(Command("insert into t values (1)"))
            }
            #expect(error.violates("t_unique"))
            await #expect(throws: DatabaseError.self) {
                try await database.transaction { _ in try await database.execute(Command("insert into t values (1)")) }
            }
            #expect(try await database.one(Statement<Int>("select count(*) from t")) == 1)
            // The connection has come through it.
            try await database.execute(Command("insert into t values (2)"))
        }
    }

    @Test func writesOfManyRequestsShareConnectionsButNotTheirFate() async throws {
        try await withDatabase(.empty, adjust: { $0.maximumConnections = 5 }) { database in
            try await database.administer(Things.table)
            let failures = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let command = Things.insert(number, nil, amount: number % 5 == 0 ? -1 : 1)
                        do { return try await database.execute(command) != 1 } catch { return true }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(failures == 40)
            #expect(try await database.one(Things.count) == 160)
            #expect(database.metrics.connections <= 5)
        }
    }

    @Test func returningRowsIsAWrite() async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            let id = try await database.one(Statement<Int>("insert into things (id) values (\(9)) returning id"))
            #expect(id == 9)
            await #expect(throws: NoRow.self) { _ = try await database.one(Things.thing(10)) }
        }
    }
}
