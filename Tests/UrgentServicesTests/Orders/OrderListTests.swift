import JSON
import Postgres
import Support
import Testing

@testable import UrgentServices

/// Which orders a list holds, for whom (3.1's table, scenarios 31 and 43).
@Suite struct OrderListTests {
    private typealias Person = Board.Person

    private func ids(_ board: Board, _ query: String, as user: Int? = nil) async throws -> [String] {
        let answer = try await board.get("/orders" + query, as: user)
        #expect(answer.status == 200, "\(query): \(answer.text)")
        let orders = answer.json["orders"]?.array ?? []
        for order in orders { #expect(order["contact"] == .null, "\(query)") }
        let ids = orders.compactMap { $0["id"]?.string }
        if !query.contains("limit") { #expect(answer.json["total"]?.int == ids.count, "\(query)") }
        return ids
    }

    /// Scenario 31, and the table of 3.1.
    @Test func whoAsksForWhatGetsIt() async throws {
        try await withBoard { board in
            for user in [Person.e1, Person.e2] { try await board.come(user) }
            let done = try await board.newOrder()
            #expect(try await board.take(done, by: Person.e1).status == 200)
            #expect(try await board.post("/orders/\(done)/complete", as: Person.customer).status == 200)
            let expired = try await board.newOrder()
            try await board.age(expired, minutes: 61)
            _ = try await board.tick()
            let lapsed = try await board.newOrder()
            try await board.age(lapsed, minutes: 60)
            let closed = try await board.newOrder()
            #expect(try await board.take(closed, by: Person.e1).status == 200)
            #expect(try await board.post("/orders/\(closed)/close", as: Person.customer).status == 204)
            let deleted = try await board.newOrder()
            #expect(try await board.send("DELETE", "/orders/\(deleted)", as: Person.customer).status == 204)
            let active = try await board.newOrder()
            let held = try await board.newOrder()
            #expect(try await board.take(held, by: Person.e1).status == 200)
            let mine = try await board.newOrder(by: Person.e2)

            #expect(try await ids(board, "") == [mine, held, active])
            #expect(try await ids(board, "", as: Person.e2) == [mine, held, active])
            // What he has taken comes first, finished or not.
            #expect(try await ids(board, "", as: Person.e1) == [held, closed, done, mine, active])
            for (query, orders) in [
                ("?status=active", [mine, held, active]), ("?status=completed", [done]), ("?status=expired", [expired, lapsed]),
                ("?status=deleted", []), ("?status=closed_no_response", []), ("?status=all", []),
            ] {
                for user in [nil, Person.e1, Person.customer] {
                    #expect(Set(try await ids(board, query, as: user)) == Set(orders), "\(query)")
                }
            }
            let own: [(String, [String])] = [
                ("", [held, active, closed, lapsed, expired, done]), ("&status=deleted", [deleted]), ("&status=active", [held, active]),
                ("&status=expired", [lapsed, expired]), ("&status=closed_no_response", [closed]), ("&status=completed", [done]),
                ("&status=all", [held, active, deleted, closed, lapsed, expired, done]),
            ]
            for (query, orders) in own {
                #expect(Set(try await ids(board, "?mine=true" + query, as: Person.customer)) == Set(orders), "\(query)")
            }
            #expect(try await ids(board, "?mine=1&taken_by_me=1", as: Person.customer) == [])
            for (query, orders) in [("", [held, closed, done]), ("&status=completed", [done]), ("&status=active", [held])] {
                #expect(try await ids(board, "?taken_by_me=true" + query, as: Person.e1) == orders)
                #expect(
                    try await board.get("/orders/my-executor?" + query.dropFirst(), as: Person.e1).json["orders"]?.array?
                        .compactMap { $0["id"]?.string } == orders)
            }
            #expect(try await ids(board, "?mine=false&taken_by_me=0") == [mine, held, active])
            #expect(try await board.get("/orders/my-executor").status == 401)
            for query in ["?mine=true", "?taken_by_me=1"] {
                let refused = try await board.get("/orders" + query)
                #expect(refused.status == 401 && refused.code == "not_authenticated")
            }
        }
    }

    @Test func listsAreFilteredAndCut() async throws {
        try await withBoard { board in
            let moscow = try await board.newOrder(), kazan = try await board.newOrder(city: "Казань", category: "Электрика")
            let last = try await board.newOrder(category: "Электрика")
            let city = "%D0%9A%D0%B0%D0%B7%D0%B0%D0%BD%D1%8C", electricity = "%D0%AD%D0%BB%D0%B5%D0%BA%D1%82%D1%80%D0%B8%D0%BA%D0%B0"
            for user in [nil, Person.e1] {
                #expect(try await ids(board, "?city=\(city)", as: user) == [kazan])
                #expect(try await ids(board, "?category=\(electricity)", as: user) == [last, kazan])
                #expect(try await ids(board, "?category=\(electricity)&city=\(city)", as: user) == [kazan])
                #expect(try await ids(board, "?city=&category=", as: user) == [last, kazan, moscow])
                #expect(try await ids(board, "?city=London", as: user) == [])
                #expect(try await ids(board, "?limit=2", as: user) == [last, kazan])
                #expect(try await ids(board, "?limit=2&offset=2", as: user) == [moscow])
                let beyond = try await board.get("/orders?limit=2&offset=20", as: user)
                #expect(beyond.status == 200 && beyond.json == ["orders": [], "total": 3])
            }
            try await board.come(Person.e2)
            #expect(try await board.take(last, by: Person.e2).status == 200)
            #expect(try await ids(board, "?min_free=3") == [kazan, moscow])
            #expect(try await ids(board, "?min_free=2") == [last, kazan, moscow])
            for query in [
                "?limit=0", "?limit=101", "?offset=-1", "?limit=x", "?status=open", "?mine=yes", "?min_free=4", "?lat=55", "?lng=37",
                "?radius_km=5", "?sort=distance", "?sort=price", "?lat=91&lng=0", "?lat=1&lng=1&radius_km=0.4", "?lat=1&lng=1&radius_km=201",
            ] {
                let refused = try await board.get("/orders" + query)
                #expect(refused.status == 422 && refused.code == "validation_error" && refused.json["detail"]?.string != nil, "\(query)")
                #expect(refused.json["errors"]?.array?.first?["loc"]?.array?.first == "query", "\(query)")
            }
        }
    }

    /// Scenario 43.
    @Test func whatIsNearIsFound() async throws {
        try await withBoard { board in
            func place(_ latitude: String, _ longitude: String) async throws -> String {
                var members = Board.order().object ?? []
                members += [("latitude", .number(latitude)), ("longitude", .number(longitude))]
                return try await board.post("/orders", as: Person.customer, .object(members)).json["id"]?.string ?? ""
            }
            let far = try await place("55.90", "37.60"), near = try await place("55.76", "37.61"), middle = try await place("55.78", "37.60")
            let nowhere = try await board.newOrder()
            let point = "lat=55.75&lng=37.6"
            #expect(try await ids(board, "?\(point)&radius_km=5&sort=distance") == [near, middle])
            #expect(try await ids(board, "?\(point)&radius_km=20&sort=distance") == [near, middle, far])
            #expect(try await ids(board, "?\(point)&radius_km=5") == [middle, near])
            #expect(try await ids(board, "?\(point)&sort=distance", as: Person.e1) == [near, middle, nowhere])
            let list = try await board.get("/orders?\(point)&radius_km=5&sort=distance").json["orders"]?.array ?? []
            for order in list {
                let distance = try #require(order["distance_km"]?.number?.description)
                #expect(["1.5", "3.5"].contains(distance), "\(distance)")
            }
            let own = try await board.get("/orders?\(point)&mine=true&radius_km=5&sort=distance", as: Person.customer)
            #expect(own.json["orders"]?.array?.first?["distance_km"]?.number?.description == "1.3")
        }
    }

    /// Contacts inside of descriptions, where the operator wants them hidden.
    @Test func contactsInsideOfDescriptionsAreHidden() async throws {
        var options = UrgentDoors.Options()
        options.terms.masksContacts = true
        try await withBoard(options: options) { board in
            var members = Board.order().object?.filter { $0.name != "description" } ?? []
            members.append(("description", "Звоните 8 900 123 45 67, протекает кран"))
            let id = try #require(try await board.post("/orders", as: Person.customer, .object(members)).json["id"]?.string)
            try await board.come(Person.e1)
            func seen(_ user: Int?) async throws -> Bool {
                try await board.get("/orders/\(id)", as: user).json["description"]?.string?.contains("900") == true
            }
            #expect(try await seen(nil) == false)
            #expect(try await seen(Person.e1) == false)
            #expect(try await board.take(id, by: Person.e1).status == 200)
            #expect(try await seen(Person.e1))
            #expect(try await seen(Person.customer))
        }
    }

    /// Requirement 40: a page is one statement, however large.
    @Test func aPageIsOneStatement() async throws {
        var options = UrgentDoors.Options()
        options.terms.ordersPerHour = 1000
        try await withBoard(options: options) { board in
            for _ in 0..<30 { _ = try await board.newOrder() }
            try await board.come(Person.e1)
            func statements(_ query: String, as user: Int?) async throws -> Int {
                let token = user.map { Board.initData($0) }
                var fewest = Int.max
                // A loop that does not know the caller yet looks him up, and each request may come to another.
                for _ in 0..<8 {
                    let before = board.database.metrics.queries
                    #expect(try await board.send("GET", "/orders" + query, token: token).status == 200)
                    fewest = min(fewest, Int(board.database.metrics.queries - before))
                }
                return fewest
            }
            for user in [nil, Person.e1] {
                // Whether he has taken anything is a second.
                let most = user == nil ? 1 : 2
                for query in ["?limit=1", "?limit=30", "?limit=100"] { #expect(try await statements(query, as: user) == most) }
                #expect(try await statements("?status=active&limit=100", as: user) == 1)
            }
        }
    }

    /// What is read for all shows each what is his.
    @Test func aSharedListShowsEachWhatIsHis() async throws {
        try await withBoard { board in
            for user in [Person.e1, Person.e2] { try await board.come(user) }
            let id = try await board.newOrder()
            #expect(try await board.take(id, by: Person.e1).status == 200)
            let people: [Int?] = [nil, Person.customer, Person.e1, Person.e2]
            for _ in 0..<5 {
                try await withThrowingTaskGroup(of: (Int?, JSONValue?, JSONValue?, JSONValue?).self) { group in
                    for user in people {
                        group.addTask {
                            let order = try await board.get("/orders?status=active", as: user).json["orders"]?.array?.first
                            return (user, order?["is_mine"], order?["is_taken_by_me"], order?["taken_by"]?.array?.first?["executor_id"])
                        }
                    }
                    for try await (user, isMine, isTaken, executor) in group {
                        #expect(isMine?.bool == (user == Person.customer))
                        #expect(isTaken?.bool == (user == Person.e1))
                        #expect(executor?.int == (user == Person.customer || user == Person.e1 ? Person.e1 : 0))
                    }
                }
            }
        }
    }

    /// The count of a list leaves out what has lapsed and was not written down yet, by either deadline.
    @Test func totalsCountWhatIsActive() async throws {
        try await withBoard { board in
            try await board.come(Person.e1)
            let over = try await board.newOrder(), waiting = try await board.newOrder(), both = try await board.newOrder()
            let active = try await board.newOrder(city: "Казань")
            for id in [waiting, both] { #expect(try await board.take(id, by: Person.e1).status == 200) }
            try await board.age(over, minutes: 60)
            try await board.age(waiting, minutes: 15)
            try await board.age(both, minutes: 60)
            #expect(try await ids(board, "") == [active])
            #expect(try await ids(board, "?city=%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0") == [])
            #expect(try await board.tick() == 3)
            #expect(try await ids(board, "") == [active])
        }
    }

    /// Staff see who took an order.
    @Test func staffSeeExecutors() async throws {
        try await withBoard { board in
            let id = try await board.newOrder()
            try await board.come(Person.e1)
            #expect(try await board.take(id, by: Person.e1).status == 200)
            func executor() async throws -> JSONValue? {
                try await board.get("/orders/\(id)", as: 77).json["taken_by"]?.array?.first?["executor_id"]
            }
            #expect(try await executor() == 0)
            try await board.database.execute(Command("update urgent.users set role = 'moderator' where id = 77"))
            // The loops hear of it through the database.
            var seen: JSONValue?
            for _ in 0..<2000 where seen != 2001 { seen = try await executor() }
            #expect(seen == 2001)
        }
    }
}
