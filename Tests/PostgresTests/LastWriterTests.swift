import Support
import Synchronization
import Testing

@testable import Postgres

/// What is written with the last statements of a transaction.
@Suite struct LastWriterTests {
    private final class Writer: LastWriter {
        let calls = Mutex<[[Int]]>([])
        private let fails: Bool

        init(fails: Bool = false) { self.fails = fails }

        func write(_ collected: [any Sendable], in transaction: Transaction) async throws {
            let numbers = collected.compactMap { $0 as? Int }
            calls.withLock { $0.append(numbers) }
            for number in numbers { try await transaction.execute(Command("insert into t values (\(number))")) }
            if fails { try await transaction.execute(Command("insert into t values (1)")) }
        }
    }

    private struct Undone: Error {}

    private func withTable(_ body: @escaping @Sendable (Database) async throws -> Void) async throws {
        try await withDatabase(.empty) { database in
            _ = try await database.administer("create table t (n int primary key)")
            try await body(database)
        }
    }

    private static func rows(_ database: Database) async throws -> Int {
        try await database.one(Statement<Int>("select count(*) from t"))
    }

    @Test func itIsWrittenOnceBeforeTheCommit() async throws {
        try await withTable { database in
            let writer = Writer()
            try await database.transaction { _ in
                try await database.atCommit(1, by: writer)
                _ = try? await database.transaction { _ in
                    try await database.atCommit(2, by: writer)
                    throw Undone()
                }
                try await database.transaction { _ in try await database.atCommit(3, by: writer) }
                let before = try await Self.rows(database)
                #expect(before == 0)
            }
            #expect(writer.calls.withLock { $0 } == [[1, 3]])
            #expect(try await Self.rows(database) == 2)
            // Without a transaction it has one of its own.
            try await database.atCommit(4, by: writer)
            #expect(try await Self.rows(database) == 3)
        }
    }

    @Test func whatIsRolledBackIsNotWrittenAndAFailureRollsBack() async throws {
        try await withTable { database in
            let writer = Writer(), failing = Writer(fails: true)
            _ = try? await database.transaction { _ in
                try await database.atCommit(1, by: writer)
                throw Undone()
            }
            #expect(writer.calls.withLock { $0.isEmpty })
            var isRefused = false
            do {
                try await database.transaction { _ in try await database.atCommit(1, by: failing) }
            } catch {
                isRefused = error is DatabaseError
            }
            let after = try await Self.rows(database)
            #expect(isRefused && after == 0)
        }
    }
}
