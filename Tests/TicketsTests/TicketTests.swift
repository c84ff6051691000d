import JSON
import Postgres
import Support
import Testing
import Values

@testable import Tickets

@Suite struct TicketTests {
    /// Guest, stranger, neighbour, household, staff of every sort: who sees one ticket, and who moves it.
    @Test func whoMayWhat() async throws {
        try await withTickets { desk in
            let path = try await desk.path(as: "sitter")
            for (name, read, assigned) in [
                (nil, 401, 401), ("nobody", 404, 404), ("stranger", 404, 404), ("neighbour", 404, 404), ("outsider", 404, 404),
                ("helper", 404, 404), ("tablemate", 200, 403), ("sitter", 200, 403), ("bookkeeper", 200, 403),
                ("manager", 200, 200), ("root", 200, 200),
            ] as [(String?, Int, Int)] {
                #expect(try await desk.send("GET", path, as: name).status == read, "\(name ?? "guest") reads")
                #expect(try await desk.send("GET", path + "/comments", as: name).status == read, "\(name ?? "guest") reads")
                let moved = try await desk.send("POST", path + "/assign", as: name, ["userId": .null])
                #expect(moved.status == assigned, "\(name ?? "guest"): \(moved.text)")
                let list = try await desk.send("GET", "/tickets", as: name)
                #expect(list.meta["total"]?.int == (name == nil ? nil : read == 200 ? 1 : 0), "\(name ?? "guest") lists")
            }
        }
    }

    @Test func whoOpensWhere() async throws {
        try await withTickets { desk in
            let unit: JSONValue = .string(desk.world.desk.id!.description)
            let foreign: JSONValue = .string(desk.world.otherDesk.id!.description)
            for (name, members, status) in [
                ("sitter", [], 201), ("two desks", [], 422), ("two desks", [("placeId", unit)], 201), ("outsider", [], 404),
                ("nobody", [], 404), ("helper", [], 201), ("helper", [("placeId", unit)], 200), ("manager", [], 201),
                ("manager", [("placeId", foreign)], 422), ("sitter", [("placeId", foreign)], 422),
                ("sitter", [("category", "none")], 422), ("sitter", [("requesterId", desk.world.people.text("nobody"))], 403),
                ("manager", [("requesterId", desk.world.people.text("nobody"))], 201),
            ] as [(String, [(name: String, value: JSONValue)], Int)] {
                let answer = try await desk.open(as: name, desk.inShop + members)
                #expect(answer.status == status, "\(name) \(members): \(answer.text)")
            }
            let own = try await desk.open(as: "neighbour", desk.inShop)
            #expect(own.data["place"]?["id"]?.string == desk.world.secondDesk.id!.description)
            #expect(try await desk.open(as: "nobody").status == 201)
            #expect(try await desk.server.send("POST", "/api/v1/tickets", body: ["title": "a", "description": "b"]).status == 401)
            #expect(try await desk.open(as: "nobody", [("scopeType", "car"), ("scopeId", unit)]).refusedFields == ["scopeType"])
            #expect(try await desk.open(as: "nobody", [("scopeType", "shop")]).refusedFields == ["scopeId"])
            #expect(try await desk.open(as: "nobody", [("status", "closed")]).code == "unknown_field")
        }
    }

    /// 0-platform, 3.5: the same words again within a minute.
    @Test func theSameAgainIsTheFirst() async throws {
        try await withTickets { desk in
            let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                for _ in 0..<6 { group.addTask { try await desk.open(as: "sitter", desk.inShop) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.map(\.status).sorted() == [200, 200, 200, 200, 200, 201])
            #expect(Set(answers.map { $0.data["id"]?.string }).count == 1)
            desk.server.clock.advance(by: .seconds(61))
            #expect(try await desk.open(as: "sitter", desk.inShop).status == 201)
        }
    }

    @Test func manyAtOnceHaveNumbersWithoutGapsAndAreSpreadEvenly() async throws {
        try await withTickets { desk in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        try await desk.open(
                            as: "sitter", desk.inShop + [("category", "lamps")], title: "Lamp \(index)").status
                    }
                }
                for try await status in group { #expect(status == 201) }
            }
            let numbers = try await desk.texts("select number from tickets.tickets order by number")
            #expect(numbers == (1...20).map { "ISS-0000" + ($0 < 10 ? "0\($0)" : "\($0)") })
            let shares = try await desk.texts("select count(*)::text from tickets.tickets where status = 'assigned' group by assignee_id")
            #expect(shares == ["10", "10"])
            let year = "\(Instant.now)".prefix(4)
            let own = try await desk.open(as: "nobody")
            #expect(own.data["ticketNumber"]?.string == "TKT-\(year)-00001")
            // One that fails gives its number back.
            _ = try? await desk.database.transaction { _ in
                _ = try await desk.database.one(TicketQueries.nextNumber("ISS", year: 0))
                throw Expected()
            }
            #expect(try await desk.open(as: "sitter", desk.inShop).data["ticketNumber"]?.string == "ISS-000021")
        }
    }

    private struct Expected: Error {}

    @Test func theLifeOfOne() async throws {
        try await withTickets { desk in
            let people = desk.world.people
            let path = try await desk.path(as: "sitter")
            #expect(try await desk.send("POST", path + "/assign", as: "manager", ["userId": people.text("tablemate")]).code == "not_staff")
            #expect(try await desk.send("POST", path + "/assign", as: "manager", ["userId": people.text("clerk")]).code == "not_staff")
            #expect(try await desk.send("POST", path + "/assign", as: "manager", ["auto": true]).code == "nobody_fits")
            #expect(try await desk.send("POST", path + "/assign", as: "manager", [:]).refusedFields == ["userId"])
            let assigned = try await desk.send("POST", path + "/assign", as: "manager", ["userId": people.text("helper")])
            #expect(assigned.data["status"] == "assigned" && assigned.data["assignee"]?["name"] == "helper Test")
            #expect(try await desk.send("POST", path + "/status", as: "helper", ["status": "waiting"]).status == 200)
            #expect(try await desk.send("POST", path + "/status", as: "helper", ["status": "closed"]).code == "invalid_transition")
            #expect(try await desk.send("POST", path + "/status", as: "second helper", ["status": "review"]).status == 404)
            #expect(try await desk.send("POST", path + "/status", as: "tablemate", ["status": "review"]).status == 403)
            // His word brings it back.
            #expect(try await desk.send("POST", path + "/comments", as: "sitter", ["text": "Here I am."]).status == 201)
            #expect(try await desk.send("GET", path, as: "sitter").data["ticket"]?["status"] == "in_progress")
            #expect(try await desk.send("POST", path + "/rate", as: "sitter", ["rating": 5]).code == "rating_closed")
            let done = try await desk.send(
                "POST", path + "/status", as: "helper", ["status": "resolved", "resolution": "A new bulb.", "note": "done"])
            #expect(done.data["resolution"] == "A new bulb.")
            #expect(try await desk.send("POST", path + "/rate", as: "sitter", ["rating": 6]).refusedFields == ["rating"])
            #expect(try await desk.send("POST", path + "/rate", as: "tablemate", ["rating": 4]).status == 403)
            #expect(try await desk.send("POST", path + "/rate", as: "sitter", ["rating": 4]).status == 200)
            let rated = try await desk.send("POST", path + "/rate", as: "sitter", ["rating": 5, "feedback": "Thanks"])
            #expect(rated.data["rating"] == 5)
            desk.server.clock.advance(by: .hours(25))
            #expect(try await desk.send("POST", path + "/status", as: "sitter", ["status": "in_progress"]).code == "invalid_transition")
            desk.server.clock.advance(by: .hours(47))
            try await desk.tickets.closeStanding()
            #expect(try await desk.send("GET", path, as: "sitter").data["ticket"]?["status"] == "closed")
            #expect(try await desk.send("POST", path + "/rate", as: "sitter", ["rating": 1]).code == "rating_closed")
            #expect(try await desk.send("POST", path + "/comments", as: "sitter", ["text": "?"]).code == "ticket_closed")
            #expect(try await desk.send("POST", path + "/status", as: "manager", ["status": "in_progress"]).data["reopenedCount"] == 1)
            let events = try await desk.texts("select event from api.outbox order by id")
            #expect(events == [
                "ticket.created", "ticket.assigned", "ticket.moved", "ticket.commented", "ticket.moved", "ticket.moved",
                "ticket.moved", "ticket.moved",
            ])
            let trail = try await desk.texts("select action from identity.audit_logs order by at, id")
            #expect(trail == ["ticket_assigned", "ticket_moved", "ticket_moved", "ticket_moved"])
        }
    }

    @Test func whatWaitsTooLongIsResolved() async throws {
        try await withTickets { desk in
            let path = try await desk.path(as: "sitter", [("category", "lamps")])
            #expect(try await desk.send("POST", path + "/status", as: "manager", ["status": "waiting"]).status == 200)
            desk.server.clock.advance(by: .days(7) - .seconds(60))
            try await desk.tickets.closeStanding()
            #expect(try await desk.send("GET", path, as: "sitter").data["ticket"]?["status"] == "waiting")
            desk.server.clock.advance(by: .seconds(61))
            try await desk.tickets.closeStanding()
            #expect(try await desk.send("GET", path, as: "sitter").data["ticket"]?["status"] == "resolved")
        }
    }

    @Test func itsAuthorChangesHisWordsAndStaffClassify() async throws {
        try await withTickets { desk in
            let path = try await desk.path(as: "sitter")
            let before = try await desk.send("GET", path, as: "manager").data["ticket"]
            #expect(try await desk.send("PATCH", path, as: "sitter", ["title": "The other lamp"]).data["title"] == "The other lamp")
            #expect(try await desk.send("PATCH", path, as: "sitter", ["priority": "critical"]).status == 403)
            #expect(try await desk.send("PATCH", path, as: "tablemate", ["title": "Mine"]).status == 403)
            #expect(try await desk.send("PATCH", path, as: "stranger", ["title": "Mine"]).status == 404)
            let urgent = try await desk.send("PATCH", path, as: "manager", ["priority": "critical", "tags": ["light"]])
            #expect(urgent.data["priority"] == "critical" && urgent.data["tags"] == ["light"])
            #expect(urgent.data["dueAt"] != before?["dueAt"])
            let foreign = try await desk.texts("select id::text from tickets.categories where scope_type = 'platform' limit 1")[0]
            #expect(try await desk.send("PATCH", path, as: "manager", ["categoryId": .string(foreign)]).refusedFields == ["categoryId"])
            try await desk.server.checkMatching(
                MatchedChange("/api/v1" + path, as: "manager", ["title": "One"], ["title": "Two"]))
            #expect(try await desk.send("DELETE", path, as: "sitter").status == 403)
            #expect(try await desk.send("DELETE", path, as: "stranger").status == 404)
            #expect(try await desk.send("DELETE", path, as: "manager").status == 204)
            #expect(try await desk.send("GET", path, as: "sitter").status == 404)
        }
    }

    /// Whoever has registered a moment ago asks before he has confirmed his address.
    @Test func `an answer reaches an account that is not confirmed, in its own language`() async throws {
        try await withTickets { desk in
            try await desk.database.execute(
                Command("update identity.users set status = 'pending', locale = 'ru' where id = \(desk.world.people["nobody"])"))
            let opened = try await desk.open(as: "nobody")
            let path = "/tickets/" + (try #require(opened.data["id"]?.string, "\(opened.text)"))
            #expect(try await desk.send("POST", path + "/comments", as: "clerk", ["text": "Turn it"]).status == 201)
            #expect(try await desk.send("POST", path + "/comments", as: "clerk", ["text": "Hush", "isInternal": true]).status == 201)
            let told = try await desk.texts(
                """
                select template_key || ': ' || body from notifications.notifications
                 where type = 'in_app' and user_id = \(desk.world.people["nobody"]) order by created_at
                """)
            #expect(told.count == 1)
            #expect(told.first?.hasPrefix("ticket_reply: ") == true)
            #expect(told.first?.contains("отвечает на ваше обращение") == true && told.first?.contains("Turn it") == true)
        }
    }
}
