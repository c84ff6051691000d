import JSON
import Postgres
import Support
import Synchronization
import Testing

@testable import UrgentServices

/// Posting, reading, changing and taking back orders (scenarios 1, 6 to 12).
@Suite struct UrgentOrderTests {
    private typealias Person = Board.Person

    /// Scenarios 1 and 6.
    @Test func anOrderIsPostedAndSeen() async throws {
        try await withBoard { board in
            #expect(try await board.get("/orders").json == ["orders": [], "total": 0])
            try await board.come(Person.customer)
            let answer = try await board.post("/orders", as: Person.customer, Board.order(contact: "@vera_test"))
            #expect(answer.status == 201)
            let order = answer.json
            let id = try #require(order["id"]?.string)
            #expect(answer.field("location") == "/api/orders/\(id)")
            #expect(id.utf8.count == 12 && order["status"] == "active" && order["contact"] == "@vera_test")
            #expect(order["city_locked"] == true && order["expires_in_minutes"] == 60 && order["taken_by"] == [])
            #expect(order["is_mine"] == true && order["is_taken_by_me"] == false && order["rating"] == .null)
            #expect(order["seconds_left"]?.int.map { (3590...3600).contains($0) } == true)
            let names = [
                "id", "category", "description", "city", "contact", "created_at", "expires_in_minutes", "status", "taken_by",
                "customer_responded_at", "city_locked", "rating", "review_comment", "expires_at", "seconds_left", "server_time",
                "close_reason", "is_mine", "is_taken_by_me", "renewed_from", "distance_km",
            ]
            #expect(order.object?.map(\.name) == names)
            let list = try await board.get("/orders")
            #expect(list.json["total"] == 1 && list.json["orders"]?.array?.first?["id"]?.string == id)
            #expect(list.json["orders"]?.array?.first?["contact"] == .null)
            #expect(list.field("cache-control") == "no-store")
            #expect(try await board.get("/orders/\(id)").json["contact"] == .null)
            #expect(try await board.get("/orders/\(id)", as: Person.customer).json["contact"] == "@vera_test")
            #expect(try await board.count("select count(*) from api.outbox where event = 'urgent.order_created' and data->>'order' = \(id)") == 1)
        }
    }

    /// Scenarios 7 and 8.
    @Test func whatAnOrderSaysIsJudged() async throws {
        var options = UrgentDoors.Options()
        options.terms.ordersPerHour = 100
        try await withBoard(options: options) { board in
            try await board.come(Person.customer)
            for (count, type) in [(19, "too_short"), (1001, "too_long")] {
                let answer = try await board.post(
                    "/orders", as: Person.customer, Board.order(description: String(repeating: "ж", count: count)))
                let error = answer.json["errors"]?[0]
                #expect(error?["type"]?.string == type && error?["loc"] == ["body", "description"], "\(answer.text)")
            }
            func post(_ change: (name: String, value: JSONValue)...) async throws -> TestAnswer {
                var members = Board.order().object ?? []
                for (name, value) in change {
                    members.removeAll { $0.name == name }
                    members.append((name, value))
                }
                let answer = try await board.post("/orders", as: Person.customer, .object(members))
                if answer.status != 201 { #expect(answer.json["detail"]?.string?.isEmpty == false) }
                return answer
            }
            func text(_ count: Int) -> JSONValue { .string(String(repeating: "я", count: count)) }
            for (length, status) in [(19, 422), (20, 201), (1000, 201), (1001, 422)] {
                #expect(try await post(("description", text(length))).status == status, "\(length)")
            }
            let spaces = try await post(("description", .string(String(repeating: " ", count: 25))))
            #expect(spaces.status == 422 && spaces.json["errors"]?.array?.first?["loc"] == ["body", "description"])
            #expect(try await post(("category", "Ремонт")).status == 422)
            #expect(try await post(("city", "Лондон")).status == 422)
            #expect(try await post(("city", "артем")).json["city"] == "Артём")
            for (contact, status) in [("ab", 422), ("@abcd", 422), ("@abcde", 201), ("8 (900) 123-45-67", 201), ("Viber: 099 123 4567", 422)] {
                #expect(try await post(("contact", .string(contact))).status == status, "\(contact)")
            }
            for bad: (String, JSONValue) in [
                ("description", 5), ("contact", .null), ("latitude", 10), ("latitude", 91), ("description", "a\u{0}aaaaaaaaaaaaaaaaaaaaaaaaaa"),
            ] {
                #expect(try await post((bad.0, bad.1)).status == 422, "\(bad)")
            }
            let placed = try await post(("latitude", .number("55.75")), ("longitude", .number("37.6")))
            #expect(placed.status == 201)
            #expect(try await board.post("/orders", as: Person.customer).status == 422)
            let broken = try await board.server.send(
                "POST", "/api/orders", token: Board.initData(Person.customer), fields: ["Content-Type": "application/json"],
                raw: Array("{".utf8))
            #expect(broken.status == 422 && broken.code == "validation_error")
            #expect(try await board.post("/orders", Board.order()).status == 401)
        }
    }

    @Test func freelyAnyContactIsTaken() async throws {
        var options = UrgentDoors.Options()
        options.terms.contacts = .free
        try await withBoard(options: options) { board in
            let answer = try await board.post("/orders", as: Person.customer, Board.order(contact: "Viber: 099 123 4567"))
            #expect(answer.status == 201)
        }
    }

    /// Scenario 9: one active order per contact, over all users and spellings; one whose time has passed holds it no more.
    @Test func aContactHasOneActiveOrder() async throws {
        try await withBoard { board in
            func post(_ contact: String, by user: Int = Person.stranger) async throws -> TestAnswer {
                try await board.post("/orders", as: user, Board.order(contact: contact))
            }
            let first = try await board.newOrder(contact: "+7 900 123-45-67")
            let refused = try await post("89001234567")
            #expect(refused.status == 409 && refused.code == "contact_busy")
            #expect(try await board.send("DELETE", "/orders/\(first)", as: Person.customer).status == 204)
            let second = try #require(try await post("89001234567").json["id"]?.string)
            try await board.age(second, minutes: 60)
            #expect(try await board.count("select count(*) from urgent.orders where status = 'active'") == 1)
            let third = try await board.newOrder(contact: "9001234567")
            #expect(try await board.count("select count(*) from urgent.orders where status = 'expired'") == 1)
            try await board.come(Person.e1)
            #expect(try await board.take(third, by: Person.e1).status == 200)
            #expect(try await board.post("/orders/\(third)/complete", as: Person.customer).status == 200)
            let fourth = try #require(try await post("+79001234567").json["id"]?.string)
            // Changing into a contact that is taken, and into one whose order has lapsed.
            let other = try await board.newOrder(contact: "@Somebody")
            let edited = try await board.send("PUT", "/orders/\(other)", as: Person.customer, ["contact": "8 900 123 45 67"])
            #expect(edited.status == 409 && edited.code == "contact_busy")
            try await board.age(fourth, minutes: 61)
            #expect(try await board.send("PUT", "/orders/\(other)", as: Person.customer, ["contact": "8 900 123 45 67"]).status == 200)
            #expect(try await post("@SOMEBODY").status == 201)
        }
    }

    /// Requirement 7.
    @Test func ofTwoOrdersWithOneContactAtOnceOneIsMade() async throws {
        try await withBoard { board in
            try await board.come(Person.customer)
            try await board.come(Person.stranger)
            var statuses: [Int] = []
            try await withThrowingTaskGroup(of: Int.self) { group in
                for user in [Person.customer, Person.stranger] {
                    group.addTask { try await board.post("/orders", as: user, Board.order(contact: "@the_same")).status }
                }
                for try await status in group { statuses.append(status) }
            }
            #expect(statuses.sorted() == [201, 409])
        }
    }

    /// Scenario 10.
    @Test func tenOrdersWithinAnHourAreEnough() async throws {
        try await withBoard { board in
            var orders: [String] = []
            for _ in 0..<10 { orders.append(try await board.newOrder()) }
            for order in orders.prefix(3) { _ = try await board.send("DELETE", "/orders/\(order)", as: Person.customer) }
            let refused = try await board.post("/orders", as: Person.customer, Board.order())
            #expect(refused.status == 429 && refused.code == "rate_limited")
            let wait = try #require(refused.field("retry-after").flatMap { Int($0) })
            #expect((3500...3600).contains(wait))
            try await board.age(orders[0], minutes: 60)
            _ = try await board.newOrder()
            #expect(try await board.post("/orders", as: Person.customer, Board.order()).status == 429)
        }
    }

    @Test func ofManyOrdersAtOnceTenAreMade() async throws {
        try await withBoard { board in
            try await board.come(Person.customer)
            var statuses: [Int: Int] = [:]
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await board.post("/orders", as: Person.customer, Board.order()).status }
                }
                for try await status in group { statuses[status, default: 0] += 1 }
            }
            #expect(statuses == [201: 10, 429: 10])
        }
    }

    /// Scenario 11.
    @Test func anUntakenOrderIsChanged() async throws {
        try await withBoard { board in
            let id = try await board.newOrder()
            try await board.age(id, minutes: 30)
            let before = try await board.get("/orders/\(id)", as: Person.customer).json
            func edit(_ body: JSONValue, as user: Int? = Person.customer) async throws -> TestAnswer {
                try await board.send("PUT", "/orders/\(id)", as: user, body)
            }
            let text = "Другой текст заказа, и он длинный"
            let edited = try await edit(["description": .string(text), "city": "Казань"])
            #expect(edited.status == 200 && edited.json["description"]?.string == text && edited.json["city"] == "Москва")
            #expect(edited.json["created_at"] == before["created_at"] && edited.json["contact"] == before["contact"])
            #expect(try await edit([:]).status == 200)
            #expect(try await edit(["category": .null, "description": .null]).json["description"]?.string == text)
            #expect(try await edit(["category": "Электрика", "latitude": 55, "longitude": 37]).json["category"] == "Электрика")
            #expect(try await edit(["description": "короткий"]).status == 422)
            #expect(try await edit([:], as: Person.stranger).status == 404)
            #expect(try await edit([:], as: nil).status == 401)
            try await board.come(Person.e1)
            #expect(try await board.take(id, by: Person.e1).status == 200)
            let taken = try await edit([:])
            #expect(taken.status == 403 && taken.code == "order_taken")
            let other = try await board.newOrder()
            try await board.age(other, minutes: 60)
            let late = try await board.send("PUT", "/orders/\(other)", as: Person.customer, [:])
            #expect(late.status == 410 && late.code == "order_not_active")
            #expect(try await board.count("select count(*) from urgent.orders where status = 'expired'") == 1)
            // One that was taken has ended, too, whether that was written down or not.
            try await board.age(id, minutes: 60)
            for _ in 0..<2 { #expect(try await edit([:]).code == "order_not_active") }
            #expect(try await board.count("select count(*) from urgent.orders where status = 'active'") == 0)
        }
    }

    /// Scenario 12.
    @Test func anUntakenOrderIsTakenBack() async throws {
        try await withBoard { board in
            let id = try await board.newOrder()
            func delete(_ id: String, as user: Int? = Person.customer) async throws -> TestAnswer {
                try await board.send("DELETE", "/orders/\(id)", as: user)
            }
            #expect(try await delete(id, as: nil).status == 401)
            #expect(try await delete(id, as: Person.stranger).status == 404)
            let deleted = try await delete(id)
            #expect(deleted.status == 204 && deleted.body.isEmpty)
            #expect(try await board.get("/orders/\(id)").status == 404)
            #expect(try await board.get("/orders/\(id)", as: Person.stranger).status == 404)
            let own = try await board.get("/orders/\(id)", as: Person.customer)
            #expect(own.status == 200 && own.json["status"] == "deleted" && own.json["close_reason"] == "client_deleted")
            #expect(try await board.get("/orders?mine=true", as: Person.customer).json["total"] == 0)
            #expect(try await board.get("/orders?mine=true&status=deleted", as: Person.customer).json["total"] == 1)
            #expect(try await board.get("/orders?mine=true&status=all", as: Person.customer).json["total"] == 1)
            #expect(try await delete(id).status == 404)
            // Its customer is told that it is over, whatever else he wants of it; nobody else knows it.
            for (method, path) in [("PUT", ""), ("POST", "/renew"), ("POST", "/respond"), ("POST", "/close"), ("POST", "/complete")] {
                let over = try await board.send(method, "/orders/\(id)\(path)", as: Person.customer, [:])
                #expect(over.status == 410 && over.code == "order_not_active", "\(path): \(over.text)")
                #expect(try await board.send(method, "/orders/\(id)\(path)", as: Person.stranger, [:]).status == 404, "\(path)")
            }
            let taken = try await board.newOrder()
            try await board.come(Person.e1)
            #expect(try await board.take(taken, by: Person.e1).status == 200)
            #expect(try await delete(taken).code == "order_taken")
            #expect(try await board.post("/orders/\(taken)/complete", as: Person.customer).status == 200)
            #expect(try await delete(taken).status == 410)
            // One that has expired goes, too, whether its end was written down or not.
            for isWritten in [true, false] {
                let old = try await board.newOrder()
                try await board.age(old, minutes: 61)
                if isWritten { #expect(try await board.tick() == 1) }
                #expect(try await delete(old).status == 204)
                #expect(try await board.status(of: old) == "deleted")
            }
        }
    }

    @Test func anExpiredOrderIsRenewedOnce() async throws {
        try await withBoard { board in
            let id = try await board.newOrder(contact: "@renewed_one")
            func renew(_ id: String, as user: Int? = Person.customer) async throws -> TestAnswer { try await board.post("/orders/\(id)/renew", as: user) }
            #expect(try await renew(id, as: nil).status == 401)
            #expect(try await renew(id, as: Person.stranger).status == 404)
            #expect(try await renew("AAAAAAAAAAAA").status == 404)
            #expect(try await renew(id).code == "not_expired")
            try await board.age(id, minutes: 60)
            let renewed = try await renew(id)
            #expect(renewed.status == 201 && renewed.json["renewed_from"]?.string == id && renewed.json["status"] == "active")
            #expect(renewed.json["contact"] == "@renewed_one" && renewed.json["id"]?.string != id)
            #expect(try await board.status(of: id) == "expired")
            let new = try #require(renewed.json["id"]?.string)
            #expect(try await renew(id).code == "already_renewed")
            #expect(try await board.send("DELETE", "/orders/\(new)", as: Person.customer).status == 204)
            #expect(try await renew(id).code == "already_renewed")
            let old = try await board.newOrder()
            try await board.age(old, minutes: 60 + 24 * 60 + 1)
            #expect(try await renew(old).status == 410)
            let taken = try await board.newOrder()
            try await board.come(Person.e1)
            #expect(try await board.take(taken, by: Person.e1).status == 200)
            try await board.age(taken, minutes: 61)
            #expect(try await renew(taken).code == "order_taken")
        }
    }

    @Test func whoIsBlockedReadsAndChangesNothing() async throws {
        try await withBoard { board in
            let id = try await board.newOrder()
            let theirs = try await board.newOrder(by: Person.stranger)
            try await board.database.execute(Command("update urgent.users set blocked_at = now() where id = \(Person.customer)"))
            #expect(try await board.get("/orders?mine=true", as: Person.customer).json["total"] == 1)
            #expect(try await board.get("/users/me", as: Person.customer).json["is_blocked"] == true)
            for (method, path, body) in [
                ("POST", "/orders", Board.order()), ("PUT", "/orders/\(id)", [:]), ("DELETE", "/orders/\(id)", nil),
                ("POST", "/orders/\(id)/respond", nil), ("POST", "/orders/\(id)/close", nil),
                ("POST", "/orders/\(id)/complete", nil), ("POST", "/orders/\(theirs)/take", nil),
            ] as [(String, String, JSONValue?)] {
                let answer = try await board.send(method, path, as: Person.customer, body)
                #expect(answer.status == 403 && answer.code == "user_blocked", "\(method) \(path): \(answer.text)")
            }
        }
    }

    /// A name that an order has already is drawn again, for new and for renewed ones.
    @Test func aNameThatIsTakenIsDrawnAgain() async throws {
        try await withBoard { board in
            try await board.come(Person.customer)
            let known = OrderID(stored: try await board.newOrder())
            let drawn = Mutex<[OrderID]>([])
            var orders = board.doors.orders
            orders.draw = { drawn.withLock { $0.removeFirst() } }
            func draw(_ names: OrderID...) { drawn.withLock { $0 = names } }
            let (new, renewed) = (OrderID.random(), OrderID.random())

            draw(known, known, new)
            _ = try await orders.create(try CreateOrder.decode(json: Board.order().jsonBytes), by: Person.customer)
            #expect(try await board.status(of: new.text) == "active")
            try await board.age(new.text, minutes: 61)
            draw(known, renewed)
            _ = try await orders.renew(new, by: Person.customer)
            #expect(try await board.get("/orders/\(renewed)").json["renewed_from"] == .string(new.text))

            draw(known, known, known)
            let error = await #expect(throws: DatabaseError.self) {
                _ = try await orders.create(try CreateOrder.decode(json: Board.order().jsonBytes), by: Person.customer)
            }
            #expect(error?.violates("orders_pkey") == true)
        }
    }
}
