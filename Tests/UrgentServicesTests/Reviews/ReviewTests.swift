import JSON
import Postgres
import Service
import Support
import Testing

@testable import UrgentServices

@Suite struct ReviewTests {
    private typealias P = Board.Person

    /// Scenarios 26 and 27.
    @Test func anEndedOrderIsRatedOnceByItsCustomer() async throws {
        try await withBoard { board in
            try await board.gather(P.e1, P.e4, P.stranger)
            let order = try await board.completedOrder(takenBy: P.e1)
            let long = String(repeating: "о", count: 501)
            let rows: [(String, Int?, String, JSONValue, [(String, JSONValue)], Int, String)] = [
                ("guest", nil, order, 5, [], 401, "not_authenticated"),
                ("stranger", P.stranger, order, 5, [], 404, "order_not_found"),
                ("executor", P.e1, order, 5, [], 404, "order_not_found"),
                ("unknown order", P.customer, "AAAAAAAAAAAA", 5, [], 404, "order_not_found"),
                ("no star", P.customer, order, 0, [], 422, "validation_error"),
                ("six stars", P.customer, order, 6, [], 422, "validation_error"),
                ("half a star", P.customer, order, .number("3.5"), [], 422, "validation_error"),
                ("a text", P.customer, order, "5", [], 422, "validation_error"),
                ("too many words", P.customer, order, 5, [("comment", .string(long))], 422, "validation_error"),
                ("somebody else", P.customer, order, 5, [("executor_id", .number("\(P.e4)"))], 400, "executor_did_not_take"),
            ]
            for (name, user, order, rating, more, status, code) in rows {
                let answer = try await board.rate(order, rating, by: user, more)
                #expect(answer.status == status && answer.code == code, "\(name): \(answer.text)")
                #expect(answer.json["detail"]?.string != nil, "\(name)")
            }
            let written = try await board.rate(order, .number("5.0"), [("comment", "  "), ("emoji", "unknown member")])
            #expect(written.status == 200 && written.json["success"] == true && written.json["review_id"]?.number != nil, "\(written.text)")
            #expect(try await board.rate(order, 4).code == "already_reviewed")
            #expect(try await board.get("/users/me", as: P.e1).json["rating"] == 5)
            let seen = try await board.get("/orders/\(order)").json
            #expect(seen["rating"] == 5 && seen["review_comment"]?.isNull == true)
            let events = try await board.database.all(
                Statement<String>("select data::text from api.outbox where event = 'urgent.review_received'"))
            #expect(events.count == 1 && events[0].contains("\"executor\": \(P.e1)"), "\(events)")
        }
    }

    /// Scenario 26: 5, 4 and 4 make 4.3; two decimals are kept.
    @Test func theMeanIsShownWithOneDecimal() async throws {
        try await withBoard { board in
            try await board.gather(P.e1)
            for rating in [5, 4, 4] {
                let order = try await board.completedOrder(takenBy: P.e1)
                #expect(try await board.rate(order, .number("\(rating)")).status == 200)
            }
            let profile = try await board.get("/users/me", as: P.e1).json
            #expect(profile["rating"] == .number("4.3") && profile["reviews_count"] == 3, "\(profile)")
            #expect(try await board.count("select (average_rating * 100)::int from urgent.users where id = 2001") == 433)
        }
    }

    /// Scenario 27: what may be rated hangs on how the order ended.
    @Test func onlyOrdersWithAnEndOfTheRightKindAreRated() async throws {
        try await withBoard { board in
            try await board.gather(P.e1)
            let active = try await board.newOrder()
            _ = try await board.take(active, by: P.e1)
            #expect(try await board.rate(active, 5).code == "order_not_finished")
            try await board.age(active, minutes: 16)
            let silent = try await board.rate(active, 5)
            #expect(silent.status == 400 && silent.code == "order_not_finished", "\(silent.text)")

            let closed = try await board.newOrder()
            _ = try await board.take(closed, by: P.e1)
            #expect(try await board.post("/orders/\(closed)/close", as: P.customer).status == 204)
            #expect(try await board.rate(closed, 2).status == 200)

            let untaken = try await board.newOrder()
            try await board.age(untaken, minutes: 60)
            let nobody = try await board.rate(untaken, 5)
            #expect(nobody.status == 400 && nobody.code == "no_executor", "\(nobody.text)")

            let expired = try await board.newOrder()
            _ = try await board.take(expired, by: P.e1)
            #expect(try await board.post("/orders/\(expired)/respond", as: P.customer).status == 200)
            try await board.age(expired, minutes: 61)
            #expect(try await board.rate(expired, 5).status == 200)

            let russian = try await board.send(
                "POST", "/reviews/client", as: P.customer, ["order_id": .string(untaken), "rating": 5], fields: ["Accept-Language": "ru-RU"])
            #expect(russian.json["detail"] == "Заказ ещё никто не взял.", "\(russian.text)")
        }
    }

    /// Whom it is about: the one it names, else the chosen one, else the earliest.
    @Test func theExecutorIsTheNamedTheChosenOrTheEarliest() async throws {
        try await withBoard { board in
            try await board.gather(P.e1, P.e2, P.e3)
            for (chosen, named, rated) in [(nil, nil, P.e1), (P.e2, nil, P.e2), (P.e2, P.e3, P.e3)] as [(Int?, Int?, Int)] {
                let order = try await board.newOrder()
                for executor in [P.e1, P.e2, P.e3] { _ = try await board.take(order, by: executor) }
                let body: JSONValue? = chosen.map { ["executor_id": .number("\($0)")] }
                #expect(try await board.post("/orders/\(order)/complete", as: P.customer, body).status == 200)
                #expect(try await board.rate(order, 5, named.map { [("executor_id", .number("\($0)"))] } ?? []).status == 200)
                let about = try await board.count(
                    "select executor_id from urgent.client_reviews where order_id = \(order)")
                #expect(about == rated)
            }
        }
    }

    /// Ten customers rate one executor at once, and each tries it twice at once.
    @Test func ratingsAtOnceAreAllCounted() async throws {
        try await withBoard { board in
            try await board.come(P.e1)
            var orders: [(String, Int)] = []
            for number in 0..<10 {
                let client = 5001 + number
                try await board.come(client, with: 0)
                orders.append((try await board.completedOrder(by: client, takenBy: P.e1), client))
            }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for (index, (order, client)) in orders.enumerated() {
                    for _ in 0..<2 {
                        group.addTask { try await board.rate(order, .number("\(index % 5 + 1)"), by: client).status }
                    }
                }
                var answers: [Int: Int] = [:]
                for try await status in group { answers[status, default: 0] += 1 }
                #expect(answers == [200: 10, 409: 10])
            }
            let rating = try await board.database.one(
                Statement<Int>("select (average_rating * 100)::int * 100 + reviews_count from urgent.users where id = 2001"))
            #expect(rating == 30_010)
        }
    }

    /// Scenario 29.
    @Test func listsShowTheAuthorAndGiveNoContactAway() async throws {
        try await withBoard { board in
            try await board.gather(P.e1, P.e2, P.stranger)
            let first = try await board.completedOrder(takenBy: P.e1)
            let second = try await board.completedOrder(takenBy: P.e2)
            _ = try await board.rate(first, 3, [("comment", "Долго")])
            _ = try await board.rate(second, 5)

            let guest = try await board.get("/reviews")
            #expect(guest.status == 200 && guest.field("x-total-count") == "2")
            for review in guest.json.array ?? [] {
                #expect(review["contact"]?.isNull == true && review["author_name"] == "Иван" && review["executor_id"] == 0)
            }
            #expect(guest.json[0]?["order_id"] == .string(second) && guest.json[1]?["comment"] == "Долго")
            let members = Set((guest.json[0]?.object ?? []).map(\.name))
            #expect(
                members == [
                    "id", "author_name", "rating", "comment", "category", "created_at", "order_id", "description", "contact",
                    "city", "executor_id", "executor_name",
                ])
            let rows: [(String, Int?, [String])] = [
                ("?rating=3", nil, [first]), ("?rating=1", nil, []), ("?mine=true", P.e1, [first]), ("?mine=1", P.e2, [second]),
                ("?about_me=true", P.customer, [second, first]), ("?mine=true&about_me=true", P.customer, [second, first]),
                ("?mine=true", P.customer, []), ("?about_me=true", P.e1, []), ("?executor_id=2001", nil, [first]),
                ("?mine=true&executor_id=2001", P.e2, []), ("?limit=1", nil, [second]), ("?limit=1&offset=1", nil, [first]),
                ("?offset=5", nil, []), ("?date_from=2020-01-01&date_to=2099-01-01", nil, [second, first]),
                ("?date_from=2099-01-01", nil, []), ("?date_to=2020-01-01T00:00:00", nil, []),
            ]
            for (query, user, orders) in rows {
                let answer = try await board.get("/reviews" + query, as: user)
                let found = (answer.json.array ?? []).compactMap { $0["order_id"]?.string }
                #expect(answer.status == 200 && found == orders, "\(query) as \(user ?? 0): \(answer.text)")
            }
            for (query, status) in [("?mine=true", 401), ("?about_me=1", 401), ("?rating=6", 422), ("?limit=0", 422), ("?limit=101", 422),
                ("?offset=-1", 422), ("?date_from=yesterday", 422), ("?mine=yes", 422)] {
                #expect(try await board.get("/reviews" + query).status == status, "\(query)")
            }
            // The order's own people see the contact and who did it.
            for user in [P.customer, P.e1] {
                let own = try await board.get("/reviews?rating=3", as: user).json[0]
                #expect(own?["contact"]?.string?.hasPrefix("@contact") == true && own?["executor_id"] == 2001)
            }
            let stranger = try await board.get("/reviews?rating=3", as: P.stranger).json[0]
            #expect(stranger?["contact"]?.isNull == true && stranger?["executor_id"] == 0)
        }
    }

    /// What a description gives away is hidden from strangers where the operator says so.
    @Test func descriptionsGiveNoContactAway() async throws {
        var options = UrgentDoors.Options()
        options.terms.masksContacts = true
        try await withBoard(options: options) { board in
            try await board.gather(P.e1)
            let body = Board.order(description: "Прорвало трубу, звоните +7 916 123-45-67 скорее")
            let order = try await board.post("/orders", as: P.customer, body).json["id"]?.string ?? ""
            _ = try await board.take(order, by: P.e1)
            _ = try await board.post("/orders/\(order)/complete", as: P.customer)
            _ = try await board.rate(order, 5)
            #expect(try await board.get("/reviews").json[0]?["description"] == "Прорвало трубу, звоните ••• скорее")
            #expect(try await board.get("/reviews", as: P.e1).json[0]?["description"] == "Прорвало трубу, звоните +7 916 123-45-67 скорее")
        }
    }

    /// Scenario 30.
    @Test func whoHasSaidSomethingIsTold() async throws {
        try await withBoard { board in
            try await board.gather(P.e1, P.e2)
            let order = try await board.completedOrder(takenBy: P.e1, P.e2)
            func said(_ user: Int) async throws -> String { try await board.get("/reviews/check?order_id=\(order)", as: user).text }
            #expect(try await said(P.customer) == #"{"submitted":false,"type":null}"#)
            _ = try await board.rate(order, 5)
            _ = try await board.complain(of: order, by: P.e1)
            #expect(try await said(P.customer) == #"{"submitted":true,"type":"review"}"#)
            #expect(try await said(P.e1) == #"{"submitted":true,"type":"complaint"}"#)
            #expect(try await said(P.e2) == #"{"submitted":false,"type":null}"#)
            #expect(try await board.get("/reviews/check?order_id=\(order)").status == 401)
            #expect(try await board.get("/reviews/check", as: P.e1).status == 422)
            #expect(try await board.get("/reviews/check?order_id=nothing", as: P.e1).json["submitted"] == false)
        }
    }
}
