import JSON
import Postgres
import Service
import Support
import Testing

@testable import UrgentServices

/// Takes: money for a contact (scenarios 13 to 18).
@Suite struct TakeTests {
    private typealias Person = Board.Person

    /// Scenarios 13 and 14.
    @Test func anExecutorPaysOnceAndSeesTheContact() async throws {
        try await withBoard { board in
            let id = try await board.newOrder(contact: "@the_customer")
            for user in [Person.e1, Person.e2] { try await board.come(user) }
            let answer = try await board.take(id, by: Person.e1)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json.object?.map(\.name) == ["success", "contact", "executor_count", "new_balance", "charged", "taken_at"])
            #expect(answer.json["success"] == true && answer.json["contact"] == "@the_customer" && answer.json["executor_count"] == 1)
            #expect(answer.json["new_balance"] == 98 && answer.json["charged"] == 2)
            #expect(
                try await board.count(
                    """
                    select count(*) from payments.entries e join urgent.users u on u.wallet_id = e.account_id
                      join payments.transactions t on t.id = e.transaction_id
                     where u.id = 2001 and e.amount = -200 and e.balance_after = 9800 and t.kind = 'urgent_take'
                    """) == 1)
            let own = try await board.get("/orders/\(id)", as: Person.e1).json
            #expect(own["contact"] == "@the_customer" && own["is_taken_by_me"] == true)
            #expect(own["taken_by"]?.array?.first?["executor_id"] == 2001)
            let other = try await board.get("/orders/\(id)", as: Person.e2).json
            #expect(other["contact"] == .null && other["taken_by"]?.array?.first?["executor_id"] == 0)
            #expect(try await board.get("/orders/\(id)").json["taken_by"]?.array?.first?["executor_id"] == 0)
            #expect(try await board.get("/orders/\(id)", as: Person.customer).json["taken_by"]?.array?.first?["executor_id"] == 2001)
            for isDone in [false, true] {
                if isDone { #expect(try await board.post("/orders/\(id)/complete", as: Person.customer).status == 200) }
                let again = try await board.take(id, by: Person.e1)
                #expect(again.status == 200 && again.json["contact"] == "@the_customer" && again.json["new_balance"] == 98)
                #expect(again.json["charged"] == 0 && again.json["taken_at"] == answer.json["taken_at"])
            }
            #expect(try await board.count("select count(*) from payments.transactions where kind = 'urgent_take'") == 1)
            #expect(try await board.count("select count(*) from api.outbox where event = 'urgent.order_taken'") == 1)
            try await board.checkInvariants()
        }
    }

    /// Scenarios 15 and 16.
    @Test func threeTakeAnOrderAndCapacityComesBeforeMoney() async throws {
        try await withBoard { board in
            let id = try await board.newOrder()
            for user in [Person.e1, Person.e2, Person.e3, Person.e4] { try await board.come(user) }
            try await board.come(9, with: 1)
            #expect(try await board.take(id, by: 9).code == "insufficient_balance")
            for user in [Person.e1, Person.e2, Person.e3] { #expect(try await board.take(id, by: user).status == 200) }
            let full = try await board.take(id, by: Person.e4)
            #expect(full.status == 409 && full.code == "max_executors" && full.json["detail"]?.string?.contains("Maximum 3 executors") == true)
            #expect(try await board.balance(of: Person.e4) == 100)
            #expect(try await board.take(id, by: 9).code == "max_executors")
            try await board.checkInvariants()
        }
    }

    @Test func whoMayNotTakeIsToldWhy() async throws {
        try await withBoard { board in
            let id = try await board.newOrder()
            try await board.come(Person.e1, with: 1)
            let poor = try await board.take(id, by: Person.e1)
            #expect(poor.status == 402 && poor.json["detail"]?.string?.contains("Insufficient balance") == true)
            #expect(try await board.balance(of: Person.e1) == 1)
            #expect(try await board.count("select count(*) from urgent.executor_takes") == 0)
            let own = try await board.take(id, by: Person.customer)
            #expect(own.status == 403 && own.code == "own_order")
            for unknown in ["AAAAAAAAAAAA", "x", "AAAAAAAAAAA%2F"] { #expect(try await board.take(unknown, by: Person.e1).status == 404) }
            #expect(try await board.post("/orders/\(id)/take").status == 401)
            let deleted = try await board.newOrder()
            _ = try await board.send("DELETE", "/orders/\(deleted)", as: Person.customer)
            #expect(try await board.take(deleted, by: Person.e1).status == 404)
            try await board.come(Person.e2)
            try await board.age(id, minutes: 60)
            let late = try await board.take(id, by: Person.e2)
            #expect(late.status == 410 && late.code == "order_not_active" && late.json["detail"]?.string?.contains("expired") == true)
            #expect(try await board.balance(of: Person.e2) == 100)
            #expect(try await board.count("select count(*) from urgent.orders where status = 'expired' and closed_at = expires_at") == 1)
            try await board.checkInvariants()
        }
    }

    /// Scenario 17.
    @Test func ofTenExecutorsAtOnceThreeTake() async throws {
        try await withBoard { board in
            let id = try await board.newOrder()
            for user in 1...10 { try await board.come(user) }
            let statuses = try await Self.statuses(1...10) { try await board.take(id, by: $0).status }
            #expect(statuses == [200: 3, 409: 7])
            #expect(try await board.count("select count(*) from payments.transactions where kind = 'urgent_take'") == 3)
            #expect(try await board.count("select sum(a.balance)::bigint from payments.accounts a where a.is_wallet") == 10 * 10_000 - 600)
            try await board.checkInvariants()
        }
    }

    /// A thousand takes of one order by many: three, each paid once.
    @Test func aThousandTakesAreThree() async throws {
        try await withBoard { board in
            let id = try await board.newOrder()
            let crowd = 1...60
            for user in crowd { try await board.come(user, with: 2) }
            let statuses = try await Self.statuses(0..<1000) { try await board.take(id, by: $0 % 60 + 1).status }
            #expect(statuses[409, default: 0] + statuses[200, default: 0] == 1000)
            #expect(try await board.count("select count(*) from urgent.executor_takes") == 3)
            #expect(try await board.count("select count(*) from payments.transactions where kind = 'urgent_take'") == 3)
            #expect(try await board.count("select sum(a.balance)::bigint from payments.accounts a where a.is_wallet") == 57 * 200)
            try await board.checkInvariants()
        }
    }

    /// Requirement 5.
    @Test func oneExecutorFiveTimesAtOncePaysOnce() async throws {
        try await withBoard { board in
            let id = try await board.newOrder()
            try await board.come(Person.e1)
            let statuses = try await Self.statuses(0..<5) { _ in try await board.take(id, by: Person.e1).status }
            #expect(statuses == [200: 5])
            #expect(try await board.balance(of: Person.e1) == 98)
            #expect(try await board.count("select count(*) from urgent.executor_takes") == 1)
        }
    }

    /// Scenario 18.
    @Test func twoRoublesBuyOneOfTwoOrders() async throws {
        try await withBoard { board in
            for _ in 0..<5 {
                let orders = [try await board.newOrder(), try await board.newOrder()]
                let user = try await board.count("select coalesce(max(id), 0) + 1 from urgent.users")
                try await board.come(user, with: 2)
                let statuses = try await Self.statuses(0..<2) { try await board.take(orders[$0], by: user).status }
                #expect(statuses == [200: 1, 402: 1])
                #expect(try await board.balance(of: user) == 0)
            }
            try await board.checkInvariants()
        }
    }

    /// Requirement 3: whatever comes first, nobody pays for an order that is gone, and no contact changes after it was sold.
    @Test func takesAndChangesOfOneOrderComeOneAfterTheOther() async throws {
        try await withBoard { board in
            try await board.come(Person.e1)
            for round in 0..<8 {
                let id = try await board.newOrder()
                async let taken = board.take(id, by: Person.e1).status
                async let changed = round.isMultiple(of: 2)
                    ? board.send("DELETE", "/orders/\(id)", as: Person.customer).status
                    : board.send("PUT", "/orders/\(id)", as: Person.customer, ["contact": .string("@changed_\(round)")]).status
                let outcome = try await (taken, changed)
                #expect([404, 200].contains(outcome.0) && [204, 200, 403].contains(outcome.1), "\(outcome)")
                #expect(outcome.1 != 403 || outcome.0 == 200)
                if outcome.1 == 204 { #expect(outcome.0 == 404) }
            }
            #expect(try await board.count("select count(*) from urgent.orders where status = 'deleted' and takes_count > 0") == 0)
            try await board.checkInvariants()
        }
    }

    /// 4.9.
    @Test func takesHaveALimit() async throws {
        try await withBoard(policy: Policy(rateLimit: RateLimit("default", 10_000, perSeconds: 60))) { board in
            try await board.come(Person.e1)
            for _ in 0..<60 { #expect(try await board.take("AAAAAAAAAAAA", by: Person.e1).status == 404) }
            let refused = try await board.take("AAAAAAAAAAAA", by: Person.e1)
            #expect(refused.status == 429 && refused.code == "rate_limited")
        }
    }

    static func statuses<Sources: Sequence<Int> & Sendable>(
        _ sources: Sources, _ ask: @escaping @Sendable (Int) async throws -> Int
    ) async throws -> [Int: Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for source in sources { group.addTask { try await ask(source) } }
            var statuses: [Int: Int] = [:]
            for try await status in group { statuses[status, default: 0] += 1 }
            return statuses
        }
    }
}
