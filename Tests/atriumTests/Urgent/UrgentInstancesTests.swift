import Glibc
import JSON
import Postgres
import Support
import Testing
import Values

/// The board on two instances with one database.
@Suite(.serialized) struct UrgentInstancesTests {
    private static func environment(_ database: Database, _ more: [String: String] = [:]) -> [String: String] {
        ServerProcess.environment(for: database).merging([
            "TELEGRAM_URGENT_BOT_TOKEN": MiniApp.token, "PRODUCTS": "urgent",
            "DATA_KEY": String(repeating: "5a", count: 32), "RATE_LIMIT_USER_PER_MINUTE": "0",
        ]) { $1 }.merging(more) { $1 }
    }

    private func count(_ database: Database, _ sql: SQL) async throws -> Int { try await database.one(Statement<Int>(sql)) }

    /// Money of the ledger and takes, whatever has happened.
    private func checkBooks(_ database: Database) async throws {
        #expect(try await count(database, "select coalesce(sum(amount), 0)::bigint from payments.entries") == 0)
        #expect(try await count(database, "select count(*) from payments.accounts where is_wallet and balance < 0") == 0)
        #expect(
            try await count(
                database,
                """
                select count(*) from urgent.orders o
                 where o.takes_count <> (select count(*) from urgent.executor_takes t where t.order_id = o.id)
                """) == 0)
    }

    /// A thousand takes of one order by three hundred people, on two instances at once: three get it, and each of the three
    /// pays once, however often he asks.
    @Test func aThousandTakesOfOneOrder() async throws {
        try await withDatabase { database in
            try await ServerProcess.using(Self.environment(database), Self.environment(database)) { servers in
                try await raceForOneOrder(servers[0], servers[1], database)
            }
        }
    }

    private func raceForOneOrder(_ one: ServerProcess, _ other: ServerProcess, _ database: Database) async throws {
        let customer = MiniApp(one.client, person: 1, name: "Вера")
        let made = try await customer.post(
            "/orders", ["category": "Другое", "description": "Захлопнулась дверь в квартиру", "city": "Омск", "contact": "@vera_test"])
        let id = made.json["id"]?.string ?? ""
        let people = (1...300).map { (one: MiniApp(one.client, person: 1000 + $0, name: "М"), other: MiniApp(other.client, person: 1000 + $0, name: "М")) }
        for (index, person) in people.enumerated() {
            _ = try await person.one.get("/users/me")
            try await Purse.fill(1001 + index, with: 2, in: database)
        }

        let answers = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for number in 0..<1000 {
                group.addTask {
                    let person = people[number % 300]
                    let answer = try await (number % 2 == 0 ? person.one : person.other).post("/orders/\(id)/take")
                    return (answer.status, answer.json["charged"]?.number?.whole.map(Int.init) ?? 0)
                }
            }
            return try await group.reduce(into: [(Int, Int)]()) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.0 == 200 || $0.0 == 409 })
        // Three paid; their repetitions are free.
        #expect(answers.filter { $0.1 == 2 }.count == 3)
        #expect((3...12).contains(answers.filter { $0.0 == 200 }.count))
        #expect(try await count(database, "select count(*) from urgent.executor_takes") == 3)
        #expect(try await count(database, "select count(*) from payments.transactions where kind = 'urgent_take'") == 3)
        #expect(try await count(database, "select sum(balance)::bigint from payments.accounts where is_wallet") == 297 * 200)
        try await checkBooks(database)
    }

    /// Scenario 25: the instance whose timer runs is killed in the midst, and another goes on: each order is closed once, each take
    /// is paid back once, and what the dead one had at hand does not wait for a lease of a minute.
    @Test func aKilledTimerPaysNobodyTwice() async throws {
        try await withDatabase { database in
            let environment = Self.environment(database, ["TIMER_INTERVAL_SECONDS": "1"])
            try await ServerProcess.using(environment) { first in
                try await lapse(150, by: first[0], in: database)
                let closed = "select count(*) from urgent.orders where status = 'closed_no_response'" as SQL
                let begun = ContinuousClock.now
                while try await count(database, closed) == 0 {
                    try #require(ContinuousClock.now - begun < .seconds(30), "the timer closes nothing")
                }
                _ = try await first[0].end(SIGKILL)
                let atDeath = try await count(database, closed), died = ContinuousClock.now
                let others = Self.environment(database, ["TIMER_INTERVAL_SECONDS": "1"])
                try await ServerProcess.using(others, Self.environment(database, ["TIMER_INTERVAL_SECONDS": "1"])) { _ in
                    while try await count(database, closed) == atDeath, ContinuousClock.now - died < .seconds(60) {}
                    // Its lease, a second, and what two servers take to start.
                    #expect(ContinuousClock.now - died < .seconds(20), "\(atDeath) were closed when the first was killed")
                    while try await count(database, closed) < 150, ContinuousClock.now - died < .seconds(60) {}
                }
                #expect(try await count(database, closed) == 150)
            }
            #expect(try await count(database, "select count(*) from urgent.executor_takes where refunded_at is not null") == 300)
            #expect(try await count(database, "select count(*) from payments.transactions where kind = 'urgent_refund'") == 300)
            #expect(try await count(database, "select sum(balance)::bigint from payments.accounts where is_wallet") == 4 * 10_000_000)
            try await checkBooks(database)
        }
    }

    /// Orders that have been taken twice each and are past their fifteen minutes: first all at rest, then all due at once.
    private func lapse(_ orders: Int, by server: ServerProcess, in database: Database) async throws {
        for person in 1...4 {
            _ = try await MiniApp(server.client, person: person, name: "М").get("/users/me")
            try await Purse.fill(person, with: 100_000, in: database)
        }
        try await database.execute(
            Command(
                """
                insert into urgent.orders (id, client_id, category, description, city, contact, contact_key, expires_at, takings_id)
                select 'killed' || lpad(i::text, 6, '0'), 1, 'Другое', 'Захлопнулась дверь в квартиру', 'Омск', '@c' || i, '@c' || i,
                       now() + interval '1 hour', (select min(a.id::text)::uuid from payments.accounts a where a.code = 'urgent.00')
                  from generate_series(1, \(orders)::int) i
                """))
        for person in 2...3 {
            _ = try await database.one(
                Statement<Int>(
                    """
                    select count(*) from urgent.orders o,
                           lateral urgent.take(o.id, \(person)::bigint, 2, 3, interval '15 minutes', gen_random_uuid()) t
                     where t.outcome = 'taken'
                    """, .report))
        }
        #expect(try await count(database, "select count(*) from urgent.executor_takes") == 2 * orders)
        try await database.execute(
            Command(
                """
                with waiting as (update urgent.unanswered set due_at = now())
                update urgent.orders set no_response_at = now(), first_taken_at = now() - interval '15 minutes' where status = 'active'
                """))
    }
}
