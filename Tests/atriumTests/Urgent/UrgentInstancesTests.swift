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
            let one = try await ServerProcess.start(Self.environment(database))
            let other = try await ServerProcess.start(Self.environment(database))
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
            _ = try await one.end(SIGTERM)
            _ = try await other.end(SIGTERM)
        }
    }
}
