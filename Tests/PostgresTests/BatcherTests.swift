@testable import Postgres
import Support
import Testing
import Values

@Suite(.timeLimit(.minutes(15))) struct BatcherTests {
    /// The things of some amounts, several of each.
    private static func ofAmount(_ amounts: [Int]) -> Statement<Placed<Things.Thing>> {
        Statement(
            """
            select g.place, t.id, t.name, t.amount from unnest(\(amounts)::bigint[]) with ordinality g(amount, place)
            join things t on t.amount = g.amount order by t.id
            """)
    }

    /// Takes from things, once each; those that somebody holds are passed over, or waited for.
    private static func take(_ takings: [(id: Int, amount: Int)], skipsLocked: Bool = true) -> Statement<Placed<Int>> {
        let skipping: SQL = skipsLocked ? "skip locked" : ""
        return Statement(
            """
            with free as materialized (
              select g.* from unnest(\(each: takings, \.id)::bigint[], \(each: takings, \.amount)::bigint[])
                with ordinality g(id, taken, place)
              join things t on t.id = g.id for no key update of t \(skipping)
            )
            update things t set amount = t.amount - f.taken from free f where t.id = f.id returning f.place, t.amount
            """)
    }

    private func filled(_ count: Int, _ body: @escaping @Sendable (Database) async throws -> Void) async throws {
        try await withDatabase(.empty) { database in
            try await database.administer(Things.table)
            try await database.administer(
                "insert into things select i, 'thing ' || i, i % 10 from generate_series(1, \(count)) i")
            try await body(database)
        }
    }

    @Test func everyQuestionHasItsOwnAnswersAndTheyShareStatements() async throws {
        try await filled(100) { database in
            let batcher = Batcher(database, limit: 8) { BatcherTests.ofAmount($0) }
            let before = database.metrics.queries
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let amount = number % 12
                        let found = try await batcher.all(amount)
                        #expect(found.count == (amount < 10 ? 10 : 0))
                        #expect(found.allSatisfy { $0.amount == amount })
                        #expect(found.map(\.id) == found.map(\.id).sorted())
                        #expect(try await batcher.first(amount) == found.first)
                    }
                }
                try await group.waitForAll()
            }
            let statements = database.metrics.queries - before
            #expect(statements >= 120 / 8 && statements < 100, "\(statements) statements for 120 questions")
        }
    }

    /// One of the takings breaks a constraint, which undoes the statement that carries it: nobody else is touched by it,
    /// and nothing is taken twice.
    @Test func aRefusedQuestionIsRefusedAlone() async throws {
        try await filled(40) { database in
            let batcher = Batcher<(id: Int, amount: Int), Int>(database) { BatcherTests.take($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...40 {
                    group.addTask {
                        let amount = id % 7 == 0 ? 100 : 0 - id
                        if amount > 0 {
                            let error = try await #require(throws: DatabaseError.self) {
                                _ = try await batcher.first((id, amount))
                            }
                            #expect(error.violates("things_amount_positive"))
                        } else {
                            #expect(try await batcher.first((id, amount)) == id % 10 + id)
                        }
                    }
                }
                try await group.waitForAll()
            }
            for thing in try await database.all(Things.all) {
                #expect(thing.amount == thing.id % 10 + (thing.id % 7 == 0 ? 0 : thing.id))
            }
        }
    }

    @Test func whatIsHeldElsewhereIsPassedOverAndDelaysNobody() async throws {
        try await filled(4) { database in
            let batcher = Batcher<(id: Int, amount: Int), Int>(database) { BatcherTests.take($0) }
            try await database.transaction { _ in
                try await database.execute(Things.add(1, to: 2))
                // Outside of the transaction, while it holds the second thing.
                let answers = try await Task.detached {
                    async let free = batcher.first((1, 0))
                    async let held = batcher.first((2, 0))
                    return try await (free, held)
                }.value
                #expect(answers.0 == 1)
                #expect(answers.1 == nil)
            }
        }
    }

    /// A statement that waits for somebody's lock does not hold up those behind it, once they are enough for one of their own.
    @Test func aSecondStatementGoesBesideTheFirst() async throws {
        try await filled(100) { database in
            let batcher = Batcher(database, limit: 4, atOnce: 2) { BatcherTests.take($0, skipsLocked: false) }
            // A connection for each, three for writes and two for reads per loop: what is sent behind a statement waits for it.
            database.warm(writers: 3)
            let sessions = "select 1 from pg_stat_activity where datname = current_database() and state = 'idle'"
            try await Backends.until { try await database.administer(sessions).count >= 5 * database.shards.count }
            let (locked, isLocked) = AsyncStream<Void>.makeStream()
            let (released, release) = AsyncStream<Void>.makeStream()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await database.transaction { _ in
                        try await database.execute(Things.add(1, to: 1))
                        isLocked.finish()
                        for await _ in released {}
                    }
                }
                for await _ in locked {}
                group.addTask {
                    let left = try await batcher.first((id: 1, amount: 1))
                    #expect(left == 1)
                }
                try await Backends.untilBlocked(database)
                try await withThrowingTaskGroup(of: Void.self) { others in
                    for id in 2...9 {
                        others.addTask {
                            let left = try await batcher.first((id: id, amount: 1))
                            #expect(left == id - 1)
                        }
                    }
                    try await others.waitForAll()
                }
                release.finish()
                try await group.waitForAll()
            }
        }
    }

    @Test func insideATransactionItsOwnChangesAreSeen() async throws {
        try await filled(10) { database in
            let batcher = Batcher(database) { BatcherTests.ofAmount($0) }
            try await database.transaction { _ in
                try await database.execute(Things.add(1_000, to: 3))
                #expect(try await batcher.first(1_003)?.id == 3)
            }
        }
    }

    @Test func aBrokenConnectionFailsOrIsReplacedAndServiceResumes() async throws {
        try await filled(10) { database in
            let batcher = Batcher(database) { BatcherTests.ofAmount($0) }
            _ = try await batcher.first(1)
            try await Backends.kill(database)
            try await Backends.until { (try? await batcher.first(1))??.id == 1 }
        }
    }

    struct Item: Sendable {
        let text: String?
        let list: [Int]
    }

    /// Texts that look like PostgreSQL's own syntax, nulls, and arrays of different lengths as elements.
    @Test func oneValueOfEachItemArrivesAsItIs() async throws {
        let items = [
            Item(text: "plain", list: []), Item(text: nil, list: [1]), Item(text: "NULL", list: [1, 2]),
            Item(text: "a\"b\\c,{d}", list: [3]), Item(text: "", list: [-1, 0, 1]), Item(text: "\\\\\"\"", list: []),
            Item(text: "naïve 日本\n\t", list: [7]),
        ]
        try await withDatabase(.empty) { database in
            let rows = try await database.all(
                Statement<Columns<String?, Int>>(
                    """
                    select g.text, coalesce((select sum(x) from unnest(g.list::bigint[]) x), 0)::bigint
                    from unnest(\(each: items, \.text)::text[], \(each: items, \.list)::text[])
                      with ordinality g(text, list, place) order by g.place
                    """))
            #expect(rows.map { $0.values.0 } == items.map(\.text))
            #expect(rows.map { $0.values.1 } == items.map { $0.list.reduce(0, +) })
            let refused = try await #require(throws: DatabaseError.self) {
                _ = try await database.all(
                    Statement<Int>("select 1 from unnest(\(each: [Item(text: "a\0b", list: [])], \.text)::text[]) g(x)"))
            }
            #expect(refused.state == .characterNotInRepertoire)
        }
    }

    struct Plain: Sendable {
        let id: UUID?
        let number: Int
        let flag: Bool?
        let day: Day
        let instant: Instant
        let amount: FixedPoint<2>?
    }

    /// What stands in an array without quotes: the ends of its types, and nulls.
    @Test func plainValuesOfEachItemArriveAsTheyAre() async throws {
        let items = [
            Plain(id: .zero, number: .min, flag: true, day: Day(year: 1, month: 1, day: 1)!, instant: Instant(microseconds: 0), amount: .zero),
            Plain(id: nil, number: .max, flag: nil, day: Day(year: 9999, month: 12, day: 31)!, instant: .now, amount: nil),
            Plain(id: .v7(), number: 0, flag: false, day: Day(year: 2026, month: 2, day: 28)!, instant: Instant(microseconds: -1), amount: FixedPoint(raw: -105)),
        ]
        try await withDatabase(.empty) { database in
            let rows = try await database.all(
                Statement<Columns<UUID?, Int, Bool?, Day, Instant, FixedPoint<2>?>>(
                    """
                    select g.id, g.number, g.flag, g.day, g.instant, g.amount
                    from unnest(\(each: items, \.id)::uuid[], \(each: items, \.number)::bigint[], \(each: items, \.flag)::boolean[],
                      \(each: items, \.day)::date[], \(each: items, \.instant)::timestamptz[], \(each: items, \.amount)::numeric[])
                      with ordinality g(id, number, flag, day, instant, amount, place) order by g.place
                    """))
            #expect(rows.map { $0.values.0 } == items.map(\.id))
            #expect(rows.map { $0.values.1 } == items.map(\.number))
            #expect(rows.map { $0.values.2 } == items.map(\.flag))
            #expect(rows.map { $0.values.3 } == items.map(\.day))
            #expect(rows.map { $0.values.4 } == items.map(\.instant))
            #expect(rows.map { $0.values.5 } == items.map(\.amount))
        }
    }
}
