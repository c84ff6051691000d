@testable import Postgres
import Support
import Testing

@Suite struct MigratorTests {
    private func migration(_ name: String, _ sql: String) throws -> Migration {
        try Migration(fileName: name + ".sql", contents: Array(sql.utf8))
    }

    @Test func appliesWhatIsPendingOnce() async throws {
        try await withDatabase(.empty) { database in
            let first = try migration("0001_a_one", "create table one (id int); insert into one values (1)")
            let second = try migration("0003_a_two's", "alter table one add name text")
            #expect(try await Migrator(database, [first]).status().pending == [first])
            #expect(try await Migrator(database, [first]).migrate() == [first])
            let both = Migrator(database, [first, second])
            #expect(try await both.status().applied.map(\.name) == ["0001_a_one"])
            #expect(try await both.migrate() == [second])
            #expect(try await both.migrate() == [])
            #expect(try await both.status().pending == [])
        }
    }

    @Test func refusesWhatIsNotAsItWas() async throws {
        try await withDatabase(.empty) { database in
            let first = try migration("0002_a_one", "create table one (id int)")
            try await Migrator(database, [first]).migrate()
            let changed = try migration("0002_a_one", "create table one (id bigint)")
            await #expect(throws: MigrationError.changed("0002_a_one")) {
                try await Migrator(database, [changed]).migrate()
            }
            let early = try migration("0001_a_early", "select 1")
            await #expect(throws: MigrationError.outOfOrder("0001_a_early", after: "0002_a_one")) {
                try await Migrator(database, [early, first]).migrate()
            }
            await #expect(throws: MigrationError.missing("0002_a_one")) { try await Migrator(database, []).migrate() }
        }
    }

    @Test func nothingRemainsOfOneThatFails() async throws {
        try await withDatabase(.empty) { database in
            let good = try migration("0001_a_good", "create table good (id int)")
            let bad = try migration("0002_a_bad", "create table bad (id int); select 1 / 0")
            let error = try await #require(throws: MigrationError.self) {
                try await Migrator(database, [good, bad]).migrate()
            }
            guard case .failed("0002_a_bad", let cause) = error else { return #expect(Bool(false), "\(error)") }
            #expect(cause.state == "22012")
            #expect(try await database.one(Statement<Bool>("select to_regclass('bad') is null")))
            #expect(try await database.one(Statement<Bool>("select to_regclass('good') is not null")))
            let ending = try migration("0002_a_ending", "create table bad (id int); commit")
            await #expect(throws: MigrationError.endsTransaction("0002_a_ending")) {
                try await Migrator(database, [good, ending]).migrate()
            }
        }
    }

    @Test func manyMayMigrateAtOnce() async throws {
        try await withDatabase(.empty) { database in
            let migrations = try [
                migration("0001_a_one", "create table one (id int)"), migration("0002_a_two", "create table two (id int)"),
            ]
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 { group.addTask { try await Migrator(database, migrations).migrate().count } }
                return try await group.reduce(0, +)
            }
            #expect(applied == 2)
        }
    }

    @Test func theProjectsOwnMigrationsApply() async throws {
        try await withDatabase(.migrated) { database in
            let migrations = try Migration.load(from: ProjectFolder.path + "/migrations")
            #expect(!migrations.isEmpty)
            let status = try await Migrator(database, migrations).status()
            #expect(status.pending == [] && status.applied.count == migrations.count)
        }
    }

    @Test(arguments: ["1_a_b.sql", "0001_a.sql", "0001__b.sql", "abcd_a_b.sql", "0000_a_b.sql", "0001_a_b.txt"])
    func namesFollowTheRule(_ name: String) {
        #expect(throws: MigrationError.badFile(name)) { try Migration(fileName: name, contents: []) }
    }
}
