import JSON
import Postgres
import Support
import Testing
import Values

@testable import UrgentServices

/// How orders end: by the clock and by their clients, and what is given back (scenarios 19 to 25).
@Suite struct ClockTests {
    private typealias Person = Board.Person

    /// An order that these have taken.
    private func taken(_ board: Board, by users: [Int]) async throws -> String {
        let id = try await board.newOrder()
        for user in users { #expect(try await board.take(id, by: user).status == 200) }
        return id
    }

    private func refunds(_ board: Board) async throws -> Int {
        try await board.count("select count(*) from payments.transactions where kind = 'urgent_refund'")
    }

    /// Scenario 19.
    @Test func anUnansweredOrderClosesAndEverybodyHasHisMoneyBack() async throws {
        try await withBoard { board in
            let users = [Person.e1, Person.e2, Person.e3]
            for user in users { try await board.come(user) }
            let id = try await taken(board, by: users)
            try await board.age(id, minutes: 14.9)
            #expect(try await board.status(of: id) == "active")
            #expect(try await board.tick() == 0)
            try await board.age(id, minutes: 0.1)
            // Nobody has written it down yet, and everybody sees it.
            let seen = try await board.get("/orders/\(id)", as: Person.e1).json
            #expect(seen["status"] == "closed_no_response" && seen["close_reason"] == "no_response" && seen["seconds_left"] == 0)
            #expect(try await board.get("/orders").json["total"] == 0)
            #expect(try await board.tick() == 1)
            #expect(try await board.tick() == 0)
            for user in users { #expect(try await board.balance(of: user) == 100) }
            #expect(try await refunds(board) == 3)
            #expect(try await board.count("select count(*) from urgent.executor_takes where refunded_at is not null and refund_id is not null") == 3)
            #expect(try await board.count("select count(*) from urgent.orders where closed_at = no_response_at") == 1)
            #expect(try await board.post("/orders/\(id)/respond", as: Person.customer).status == 410)
            #expect(
                try await board.count(
                    """
                    select jsonb_array_length(data->'refunded') from api.outbox
                     where event = 'urgent.order_closed' and data->>'close_reason' = 'no_response'
                    """) == 3)
            // He has seen the contact and goes on seeing it.
            #expect(try await board.get("/orders/\(id)", as: Person.e1).json["contact"] != .null)
            #expect(try await board.take(id, by: Person.e1).json["new_balance"] == 100)
            try await board.checkInvariants()
        }
    }

    /// Scenario 20.
    @Test func anAnsweredOrderLivesItsHour() async throws {
        try await withBoard { board in
            for user in [Person.e1, Person.e2] { try await board.come(user) }
            let id = try await board.newOrder()
            try await board.age(id, minutes: 10)
            #expect(try await board.take(id, by: Person.e1).status == 200)
            try await board.age(id, minutes: 10)
            #expect(try await board.take(id, by: Person.e2).status == 200)
            try await board.age(id, minutes: 4)
            let answered = try await board.post("/orders/\(id)/respond", as: Person.customer)
            #expect(answered.status == 200 && answered.json["customer_responded_at"] != .null && answered.json["contact"] != .null)
            try await board.age(id, minutes: 12)
            #expect(try await board.tick() == 0)
            #expect(try await board.status(of: id) == "active")
            try await board.age(id, minutes: 24)
            #expect(try await board.status(of: id) == "expired")
            #expect(try await board.tick() == 1)
            #expect(try await refunds(board) == 0)
            #expect(try await board.balance(of: Person.e1) == 98)
            try await board.checkInvariants()
        }
    }

    /// Scenario 21.
    @Test func anHourThatEndsUnansweredGivesTheMoneyBack() async throws {
        try await withBoard { board in
            try await board.come(Person.e1)
            let id = try await board.newOrder()
            try await board.age(id, minutes: 50)
            #expect(try await board.take(id, by: Person.e1).status == 200)
            try await board.age(id, minutes: 10)
            #expect(try await board.status(of: id) == "expired")
            #expect(try await board.tick() == 1)
            #expect(try await board.balance(of: Person.e1) == 100)
            let order = try await board.get("/orders/\(id)", as: Person.e1).json
            #expect(order["status"] == "expired" && order["close_reason"] == "expired")
            try await board.checkInvariants()
        }
    }

    /// 4.2: of two deadlines at one instant the missing answer counts.
    @Test func ofTwoDeadlinesAtOnceTheMissingAnswerCounts() async throws {
        try await withBoard { board in
            try await board.come(Person.e1)
            let id = try await board.newOrder()
            #expect(try await board.take(id, by: Person.e1).status == 200)
            try await board.database.execute(
                Command("update urgent.orders set expires_at = now() - interval '1 second', no_response_at = now() - interval '1 second'"))
            try await board.database.execute(Command("update urgent.unanswered set due_at = now() - interval '1 second'"))
            #expect(try await board.status(of: id) == "closed_no_response")
            #expect(try await board.tick() == 1)
            #expect(try await board.get("/orders/\(id)", as: Person.e1).json["close_reason"] == "no_response")
        }
    }

    /// Scenario 22.
    @Test func answeringIsForTheClientOnce() async throws {
        try await withBoard { board in
            try await board.come(Person.e1)
            let id = try await board.newOrder()
            func respond(_ user: Int? = Person.customer, _ order: String? = nil) async throws -> TestAnswer {
                try await board.post("/orders/\(order ?? id)/respond", as: user)
            }
            #expect(try await respond(nil).status == 401)
            #expect(try await respond(Person.customer, "AAAAAAAAAAAA").status == 404)
            #expect(try await respond().code == "no_executor")
            #expect(try await board.take(id, by: Person.e1).status == 200)
            let stranger = try await respond(Person.e1)
            #expect(stranger.status == 403 && stranger.code == "not_order_client")
            #expect(try await respond().status == 200)
            let again = try await respond()
            #expect(again.status == 409 && again.code == "already_responded")
        }
    }

    /// Scenario 23.
    @Test func aClosedOrderGivesBackWhatWasNotAnswered() async throws {
        try await withBoard { board in
            for user in [Person.e1, Person.e2] { try await board.come(user) }
            let id = try await taken(board, by: [Person.e1, Person.e2])
            func close(_ id: String, as user: Int? = Person.customer) async throws -> TestAnswer { try await board.post("/orders/\(id)/close", as: user) }
            #expect(try await close(id, as: nil).status == 401)
            #expect(try await close(id, as: Person.e1).status == 403)
            let closed = try await close(id)
            #expect(closed.status == 204 && closed.body.isEmpty)
            let order = try await board.get("/orders/\(id)", as: Person.customer).json
            #expect(order["status"] == "closed_no_response" && order["close_reason"] == "client_closed")
            for user in [Person.e1, Person.e2] { #expect(try await board.balance(of: user) == 100) }
            #expect(try await close(id).status == 410)
            let answered = try await taken(board, by: [Person.e1])
            #expect(try await board.post("/orders/\(answered)/respond", as: Person.customer).status == 200)
            #expect(try await close(answered).status == 204)
            #expect(try await board.balance(of: Person.e1) == 98)
            let untaken = try await board.newOrder()
            #expect(try await close(untaken).code == "no_executor")
            try await board.checkInvariants()
        }
    }

    /// Scenario 24.
    @Test func aCompletedOrderCounts() async throws {
        try await withBoard { board in
            for user in [Person.e1, Person.e2] { try await board.come(user) }
            let id = try await taken(board, by: [Person.e1, Person.e2])
            func counts(_ user: Int) async throws -> [JSONValue?] {
                let profile = try await board.get("/users/me", as: user).json
                return [profile["completed_orders"], profile["active_orders"]]
            }
            for user in [Person.customer, Person.e1, Person.e2] { #expect(try await counts(user) == [0, 1]) }
            func complete(_ body: JSONValue? = nil, as user: Int? = Person.customer, _ order: String? = nil) async throws -> TestAnswer {
                try await board.post("/orders/\(order ?? id)/complete", as: user, body)
            }
            #expect(try await complete(as: nil).status == 401)
            #expect(try await complete(as: Person.e1).code == "not_order_client")
            #expect(try await complete(["executor_id": 5]).status == 422)
            #expect(try await complete(["executor_id": "2001"]).status == 422)
            let done = try await complete(["executor_id": 2002])
            #expect(done.status == 200 && done.json["status"] == "completed" && done.json["close_reason"] == "completed")
            #expect(done.json["contact"] != .null)
            #expect(try await board.count("select count(*) from urgent.orders where chosen_executor_id = 2002") == 1)
            for user in [Person.customer, Person.e1, Person.e2] { #expect(try await counts(user) == [1, 0]) }
            #expect(try await complete().status == 410)
            #expect(try await refunds(board) == 0)
            let untaken = try await board.newOrder()
            #expect(try await complete(nil, untaken).code == "no_executor")
            let other = try await taken(board, by: [Person.e1])
            let empty = try await board.send(
                "POST", "/orders/\(other)/complete", as: Person.customer, fields: ["Content-Type": "application/json"])
            #expect(empty.status == 200)
        }
    }

    /// Whoever finds a lapsed order writes its end down, gives back, and is refused (4.2).
    @Test func aLapsedOrderIsEndedByWhoeverFindsIt() async throws {
        try await withBoard { board in
            try await board.come(Person.e1)
            try await board.come(Person.e2)
            for path in ["respond", "close", "complete", "take"] {
                let id = try await taken(board, by: [Person.e1])
                try await board.age(id, minutes: 15)
                let answer = try await board.post("/orders/\(id)/\(path)", as: path == "take" ? Person.e2 : Person.customer)
                #expect(answer.status == 410 && answer.code == "order_not_active", "\(path): \(answer.text)")
                #expect(try await board.balance(of: Person.e1) == 100)
                #expect(
                    try await board.count(
                        "select count(*) from urgent.orders where id = \(id) and status = 'closed_no_response' and close_reason = 'no_response'") == 1)
            }
            #expect(try await board.tick() == 0)
            try await board.checkInvariants()
        }
    }

    /// Scenario 25 and requirement 2: many at once end each order once, and give each take back once.
    @Test func manyTimersEndEachOrderOnce() async throws {
        try await withBoard { board in
            for user in [Person.e1, Person.e2] { try await board.come(user) }
            var orders: [String] = []
            for number in 0..<20 {
                let id = try await board.newOrder(by: 5000 + number / 5)
                for user in [Person.e1, Person.e2] { #expect(try await board.take(id, by: user).status == 200) }
                orders.append(id)
            }
            for id in orders { try await board.age(id, minutes: 15) }
            let ended = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await TestLoops.run(on: 1) { try await board.tick() } } }
                for (number, id) in orders.prefix(6).enumerated() {
                    group.addTask {
                        _ = try await board.post("/orders/\(id)/close", as: 5000 + number / 5)
                        return 0
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect((14...20).contains(ended))
            #expect(try await board.tick() == 0)
            #expect(try await refunds(board) == 40)
            for user in [Person.e1, Person.e2] { #expect(try await board.balance(of: user) == 100) }
            #expect(try await board.count("select count(*) from urgent.orders where status = 'closed_no_response'") == 20)
            #expect(try await board.count("select count(*) from api.outbox where event = 'urgent.order_closed'") == 20)
            try await board.checkInvariants()
        }
    }

    /// Scenario 25: a process that dies in the middle leaves an order as it was, for whoever comes next.
    @Test func whatATimerLeavesHalfDoneIsDoneByTheNext() async throws {
        try await withBoard { board in
            try await board.come(Person.e1)
            let id = try await taken(board, by: [Person.e1])
            try await board.age(id, minutes: 15)
            struct Died: Error {}
            await #expect(throws: Died.self) {
                try await TestLoops.run {
                    try await board.database.transaction { _ in
                        _ = try await board.database.first(OrderQueries.unanswered(besides: []))
                        _ = try await board.database.one(OrderQueries.lapse(OrderID(stored: id)))
                        throw Died()
                    }
                }
            }
            #expect(try await board.balance(of: Person.e1) == 98)
            #expect(try await board.tick() == 1)
            #expect(try await board.balance(of: Person.e1) == 100)
            #expect(try await refunds(board) == 1)
        }
    }

    /// Requirement 15: one bad order stops no other.
    @Test func anOrderThatCannotBeEndedStopsNoOther() async throws {
        try await withBoard { board in
            try await board.come(Person.e1)
            let bad = try await taken(board, by: [Person.e1])
            let good = try await taken(board, by: [Person.e1])
            try await board.age(bad, minutes: 20)
            try await board.age(good, minutes: 15)
            try await board.database.administer(
                """
                create function urgent.test_refuse() returns trigger language plpgsql as $$
                begin raise exception 'broken'; end $$;
                create trigger test_refuse before update on urgent.orders for each row when (old.id = '\(bad)')
                  execute function urgent.test_refuse();
                """)
            #expect(try await board.tick() == 1)
            #expect(try await board.count("select count(*) from urgent.orders where id = \(good) and status = 'closed_no_response'") == 1)
            #expect(try await board.balance(of: Person.e1) == 98)
            try await board.database.administer("drop trigger test_refuse on urgent.orders")
            #expect(try await board.tick() == 1)
            #expect(try await board.balance(of: Person.e1) == 100)
        }
    }

    /// What staff end and give back.
    @Test func staffEndOrdersAndGiveBackOnce() async throws {
        try await withBoard { board in
            for user in [Person.e1, Person.e2] { try await board.come(user) }
            let id = OrderID(stored: try await taken(board, by: [Person.e1, Person.e2]))
            let (orders, other) = (board.doors.orders, OrderID(stored: try await taken(board, by: [Person.e1])))
            try await TestLoops.run {
                #expect(try await orders.moderate([id], refunding: false) == [id])
                #expect(try await orders.moderate([id], refunding: true) == [])
                let one = try await orders.refund(id, executor: Person.e1)
                #expect(one.map(\.executor) == [Person.e1] && one.first?.amount == 2)
                #expect(try await orders.refund(id).map(\.executor) == [Person.e2])
                #expect(try await orders.refund(id).isEmpty)
                #expect(try await orders.moderateAll(of: Person.customer, refunding: true) == [other])
            }
            #expect(try await board.get("/orders/\(id)", as: Person.customer).json["close_reason"] == "moderated")
            for user in [Person.e1, Person.e2] { #expect(try await board.balance(of: user) == 100) }
            try await board.checkInvariants()
        }
    }
}
