import JSON
import Postgres
import Support
import Testing
import Values

@testable import Tickets

/// Categories, rules, profiles, figures.
@Suite struct TicketStaffTests {
    @Test func categoriesOfAScopeTakeThePlaceOfTheUsualOnes() async throws {
        try await withTickets { desk in
            let shop = desk.world.shop.id!.description
            let list = "/ticket-categories?scopeType=shop&scopeId=\(shop)"
            for (name, status) in [(nil, 401), ("nobody", 404), ("stranger", 404), ("sitter", 200), ("bookkeeper", 200)] as [(String?, Int)] {
                #expect(try await desk.send("GET", list, as: name).status == status, "\(name ?? "guest")")
            }
            let body: JSONValue = [
                "scopeType": "shop", "scopeId": .string(shop), "code": "lamps", "names": ["en": "Our lamps"], "slaHours": 1,
                "autoAssign": false,
            ]
            for (name, status) in [(nil, 401), ("sitter", 404), ("stranger", 404), ("bookkeeper", 403), ("manager", 201), ("manager", 409)] as [(String?, Int)] {
                let answer = try await desk.send("POST", "/ticket-categories", as: name, body)
                #expect(answer.status == status, "\(name ?? "guest"): \(answer.text)")
            }
            for (member, value) in [("code", "Big"), ("names", ["ru": "x"]), ("slaHours", 0), ("color", "red")] as [(String, JSONValue)] {
                var members = body.object ?? []
                members.removeAll { $0.name == member }
                let answer = try await desk.send("POST", "/ticket-categories", as: "manager", .object(members + [(member, value)]))
                #expect(answer.refusedFields == [member], "\(answer.text)")
            }
            let held = try await desk.send("GET", list, as: "sitter").data.array ?? []
            #expect(held.map { $0["names"]?["en"]?.string } == ["Our lamps", "Other"])
            let own = try #require(held[0]["id"]?.string)
            let system = try #require(held[1]["id"]?.string)
            let ticket = try await desk.open(as: "sitter", desk.inShop + [("category", "lamps")])
            #expect(ticket.data["status"] == "new" && ticket.data["category"]?["id"]?.string == own)
            #expect(try await desk.send("GET", "/ticket-categories/\(own)", as: "stranger").status == 404)
            #expect(try await desk.send("PATCH", "/ticket-categories/\(system)", as: "manager", ["slaHours": 2]).status == 403)
            #expect(try await desk.send("PATCH", "/ticket-categories/\(system)", as: "root", ["slaHours": 2]).code == "category_is_system")
            try await desk.server.checkMatching(
                MatchedChange("/api/v1/ticket-categories/\(own)", as: "manager", ["slaHours": 2], ["slaHours": 3]))
            #expect(try await desk.send("DELETE", "/ticket-categories/\(own)", as: "manager").code == "category_used")
            let id = try #require(ticket.data["id"]?.string)
            #expect(try await desk.send("POST", "/tickets/\(id)/status", as: "sitter", ["status": "cancelled"]).status == 200)
            #expect(try await desk.send("DELETE", "/ticket-categories/\(own)", as: "stranger").status == 404)
            #expect(try await desk.send("DELETE", "/ticket-categories/\(own)", as: "manager").status == 204)
            #expect(try await desk.send("GET", list, as: "sitter").data[0]?["names"]?["en"] == "Lamps")
        }
    }

    @Test func rulesWorkOnNewTickets() async throws {
        try await withTickets { desk in
            let shop: JSONValue = .string(desk.world.shop.id!.description)
            func rule(_ kind: JSONValue, _ condition: JSONValue, _ action: JSONValue) -> JSONValue {
                ["scopeType": "shop", "scopeId": shop, "name": "r", "kind": kind, "condition": condition, "action": action]
            }
            let tagging = rule("tag", ["words": ["flickers"]], ["tags": ["light"]])
            for (name, status) in [(nil, 401), ("sitter", 404), ("stranger", 404), ("bookkeeper", 403), ("manager", 201)] as [(String?, Int)] {
                let answer = try await desk.send("POST", "/tickets/rules", as: name, tagging)
                #expect(answer.status == status, "\(name ?? "guest"): \(answer.text)")
            }
            let wrong = try await desk.send("POST", "/tickets/rules", as: "manager", rule("tag", [:], [:]))
            #expect(wrong.refusedFields == ["action.tags"])
            let outsider = rule("assign", [:], ["assigneeId": desk.world.people.text("sitter")])
            #expect(try await desk.send("POST", "/tickets/rules", as: "manager", outsider).code == "not_staff")
            let assigning = rule("assign", ["words": ["lamp"]], ["assigneeId": desk.world.people.text("second helper")])
            let kept = try await desk.send("POST", "/tickets/rules", as: "manager", assigning)
            let reply = rule("reply", ["words": ["lamp", "flickers"]], ["text": "Change the bulb."])
            #expect(try await desk.send("POST", "/tickets/rules", as: "manager", reply).status == 201)
            let first = try await desk.open(as: "sitter", desk.inShop)
            #expect(first.data["assignee"]?["name"] == "second helper Test" && first.data["tags"] == nil)
            let second = try await desk.open(as: "tablemate", desk.inShop)
            let id = try #require(second.data["id"]?.string)
            let seen = try await desk.send("GET", "/tickets/\(id)", as: "manager").data
            #expect(seen["ticket"]?["tags"] == ["light"] && seen["suggestions"] == ["Change the bulb."])
            #expect(seen["similar"]?.array?.map { $0["ticketNumber"]?.string } == [first.data["ticketNumber"]?.string])
            #expect(try await desk.send("GET", "/tickets/\(id)", as: "tablemate").data["suggestions"] == [])
            let list = "/tickets/rules?scopeType=shop&scopeId=\(desk.world.shop.id!)"
            let rules = try await desk.send("GET", list, as: "manager")
            #expect(rules.meta["total"] == 3 && rules.data[0]?["runCount"] == 2)
            let path = try #require(kept.field("location")).replacing("/api/v1", with: "")
            #expect(try await desk.send("GET", path, as: "stranger").status == 404)
            #expect(try await desk.send("GET", path, as: "bookkeeper").status == 403)
            try await desk.server.checkMatching(
                MatchedChange("/api/v1" + path, as: "manager", ["isEnabled": false], ["position": 7]))
            #expect(try await desk.send("DELETE", path, as: "stranger").status == 404)
            #expect(try await desk.send("DELETE", path, as: "manager").status == 204)
        }
    }

    @Test func theOperatorChangesTheTimesOfAProfile() async throws {
        try await withTickets { desk in
            let path = "/tickets/profiles/platform"
            for (name, status) in [(nil, 401), ("manager", 403), ("clerk", 403), ("boss", 200), ("root", 200)] as [(String?, Int)] {
                #expect(try await desk.send("GET", path, as: name).status == status, "\(name ?? "guest")")
            }
            #expect(try await desk.send("GET", "/tickets/profiles/car", as: "boss").status == 404)
            #expect(try await desk.send("PUT", path, as: "boss", ["autoCloseHours": 0]).refusedFields == ["autoCloseHours"])
            try await desk.server.checkMatching(
                MatchedChange("/api/v1" + path, by: "PUT", as: "boss", ["mediumHours": 1], ["lowHours": 2]))
            let ticket = try await desk.open(as: "nobody", [("priority", "low")], title: "Slow")
            let hours = try await desk.texts("select round(extract(epoch from due_at - created_at) / 3600)::text from tickets.tickets")
            #expect(ticket.status == 201 && hours == ["2"])
        }
    }

    @Test func figuresAndFiles() async throws {
        try await withTickets { desk in
            for (index, priority) in ["low", "high", "high"].enumerated() {
                _ = try await desk.open(as: "sitter", desk.inShop + [("priority", .string(priority))], title: "T\(index)")
            }
            let path = "/tickets/" + (try await desk.texts("select id::text from tickets.tickets where title = 'T0'")[0])
            #expect(try await desk.send("POST", path + "/status", as: "manager", ["status": "resolved"]).status == 200)
            #expect(try await desk.send("POST", path + "/rate", as: "sitter", ["rating": 4]).status == 200)
            let list = try await desk.send("GET", "/tickets?status=new", as: "manager")
            #expect(list.meta["counts"]?["new"] == 2 && list.meta["counts"]?["resolved"] == 0 && list.meta["total"] == 2)
            for (name, status) in [(nil, 401), ("sitter", 403), ("stranger", 200), ("manager", 200)] as [(String?, Int)] {
                #expect(try await desk.send("GET", "/tickets/analytics", as: name).status == status, "\(name ?? "guest")")
                #expect(try await desk.send("GET", "/tickets/export", as: name).status == status, "\(name ?? "guest")")
            }
            let figures = try await desk.send("GET", "/tickets/analytics?scopeType=shop", as: "manager").data
            #expect(figures["total"] == 3 && figures["open"] == 2 && figures["ratings"] == 1)
            #expect(figures["satisfaction"]?.number == 4 && figures["slaCompliance"]?.number == 100)
            #expect(figures["byPriority"] == [["key": "high", "name": .null, "count": 2], ["key": "low", "name": .null, "count": 1]])
            #expect(figures["byCategory"]?[0]?["name"] == "Other" && figures["trend"]?[0]?["opened"] == 3)
            #expect(try await desk.send("GET", "/tickets/analytics", as: "stranger").data["total"] == 0)
            let file = try await desk.send("GET", "/tickets/export?format=csv", as: "manager")
            #expect(file.text.split(separator: "\r\n").count == 4 && file.text.contains("ISS-000003"))
            #expect(try await desk.texts("select action from identity.audit_logs where action = 'tickets_exported'").count == 3)
            #expect(try await desk.send("GET", "/tickets?from=2026-02-01&to=2026-01-01", as: "manager").refusedFields == ["to"])
        }
    }

    @Test func aDueFilterAndAnOrder() async throws {
        try await withTickets { desk in
            _ = try await desk.open(as: "sitter", desk.inShop + [("priority", "low")], title: "Later")
            _ = try await desk.open(as: "sitter", desk.inShop + [("priority", "critical")], title: "Sooner")
            let list = try await desk.send("GET", "/tickets?sort=dueAt", as: "sitter")
            #expect(list.data.array?.map { $0["title"]?.string } == ["Sooner", "Later"])
            desk.server.clock.advance(by: .hours(3))
            let late = try await desk.send("GET", "/tickets?overdue=true", as: "sitter")
            #expect(late.data.array?.map { $0["title"]?.string } == ["Sooner"] && late.meta["counts"]?["overdue"] == 1)
            #expect(try await desk.send("GET", "/tickets?q=sooner", as: "sitter").meta["total"] == 1)
        }
    }
}
