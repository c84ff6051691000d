import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Tickets

/// 0-platform, 8 (37): what staff tell each other, and the names of those who asked without theirs.
@Suite struct SecrecyTests {
    @Test func internalCommentsReachNobodyElse() async throws {
        try await withTickets { desk in
            let path = try await desk.path(as: "sitter")
            _ = try await desk.send("POST", path + "/assign", as: "manager", ["userId": desk.world.people.text("helper")])
            let secret = "zeppelin"
            #expect(try await desk.send("POST", path + "/comments", as: "manager", ["text": .string(secret), "isInternal": true]).status == 201)
            #expect(try await desk.send("POST", path + "/comments", as: "helper", ["text": "and \(secret) again", "isInternal": true]).status == 201)
            for name in ["sitter", "tablemate", "bookkeeper"] {
                let refused = try await desk.send("POST", path + "/comments", as: name, ["text": "x", "isInternal": true])
                #expect(refused.status == 403, "\(name)")
                for place in [path, path + "/comments", "/tickets", "/tickets?q=\(secret)"] {
                    let answer = try await desk.send("GET", place, as: name)
                    #expect(answer.status == 200 && !answer.text.contains(secret), "\(name) at \(place)")
                }
            }
            for name in ["manager", "helper"] {
                #expect(try await desk.send("GET", path + "/comments", as: name).text.contains(secret), "\(name)")
            }
            let export = try await desk.send("GET", "/tickets/export", as: "bookkeeper")
            #expect(export.status == 200 && export.text.contains("lamp") && !export.text.contains(secret))
            let told = try await desk.texts(
                "select user_id::text from notifications.notifications where body like \("%" + secret + "%") group by 1")
            #expect(told == [desk.world.people["helper"].description])
            #expect(try await desk.texts("select data::text from api.outbox where data::text like \("%" + secret + "%")").isEmpty)
            for name in ["sitter", "helper", "manager"] {
                let copy = try await TicketsModule(desk.tickets).personalData[0].export(desk.world.people[name])
                #expect(!copy.string.contains(secret), "the copy of \(name)'s data")
                #expect(copy.string.contains("It flickers.") == (name == "sitter"))
            }
            let flags = try await desk.texts("select data ->> 'isInternal' from api.outbox where event = 'ticket.commented'")
            #expect(flags == ["true", "true"])
        }
    }

    @Test func namesOfThoseWhoAskedWithoutTheirsStayTheirOwn() async throws {
        try await withTickets { desk in
            let sitter = desk.world.people["sitter"].description
            let path = try await desk.path(as: "sitter", [("isAnonymous", true), ("category", "lamps")])
            #expect(try await desk.send("POST", path + "/comments", as: "sitter", ["text": "Still."]).status == 201)
            for name in ["bookkeeper", "helper"] {
                for place in [path, path + "/comments", "/tickets"] {
                    let answer = try await desk.send("GET", place, as: name)
                    let tells = answer.text.contains(sitter) || answer.text.contains("sitter")
                    #expect(!tells, "\(name) at \(place): \(answer.text)")
                }
            }
            #expect(try await desk.send("GET", "/tickets?requesterId=\(sitter)", as: "bookkeeper").meta["total"] == 0)
            #expect(try await desk.send("GET", "/tickets?requesterId=\(sitter)", as: "manager").meta["total"] == 1)
            #expect(try await desk.send("GET", "/tickets?requesterId=\(sitter)", as: "sitter").meta["total"] == 1)
            let export = try await desk.send("GET", "/tickets/export", as: "bookkeeper")
            #expect(export.text.contains("The lamp") && !export.text.contains("sitter"))
            #expect(try await desk.send("GET", path, as: "manager").data["ticket"]?["requester"]?["id"]?.string == sitter)
            #expect(try await desk.send("GET", path, as: "sitter").data["ticket"]?["requester"]?["id"]?.string == sitter)
            let events = try await desk.texts("select data::text from api.outbox")
            #expect(events.count == 3 && events.allSatisfy { !$0.contains(sitter) })
            // The home would tell who lives in it.
            let named = try await desk.open(
                as: "sitter", desk.inShop + [("isAnonymous", true), ("placeId", .string(desk.world.desk.id!.description))], title: "Named place")
            let id = try #require(named.data["id"]?.string)
            let seen = try await desk.send("GET", "/tickets/\(id)", as: "bookkeeper")
            #expect(seen.status == 200 && !seen.text.contains(desk.world.desk.id!.description))
            #expect(try await desk.send("GET", "/tickets?placeId=\(desk.world.desk.id!)", as: "bookkeeper").meta["total"] == 0)
        }
    }

    /// What sockets hear: requester, assignee and the platform's staff; of what staff tell each other, not the requester.
    @Test func whoHearsOfIt() async throws {
        try await withTickets { desk in
            let people = desk.world.people
            let path = try await desk.path(as: "sitter")
            _ = try await desk.send("POST", path + "/assign", as: "manager", ["userId": people.text("helper")])
            _ = try await desk.send("POST", path + "/comments", as: "manager", ["text": "Aha", "isInternal": true])
            _ = try await desk.send("POST", path + "/comments", as: "manager", ["text": "We come."])
            _ = try await desk.send("PATCH", path, as: "sitter", ["title": "The lamp is on fire"])
            let sitter = "user:\(people["sitter"])", helper = "user:\(people["helper"])"
            func heard(_ room: String) async throws -> [String] {
                try await desk.database.all(
                    Statement<String>(
                        """
                        select concat_ws(' ', event, data->>'event', data->'ticket'->>'isInternal') from realtime.events
                         where room = \(room) and event like 'ticket:%' order by seq
                        """))
            }
            let created = "ticket:updated ticket.created false", changed = "ticket:updated ticket.changed false"
            let assigned = "ticket:updated ticket.assigned false"
            let said = "ticket:comment ticket.commented false", noted = "ticket:comment ticket.commented true"
            #expect(try await heard("tickets") == [created, assigned, noted, said, changed])
            #expect(try await heard(sitter) == [created, assigned, said, changed])
            #expect(try await heard(helper) == [assigned, noted, said, changed])
            // Reading all tickets is not enough for the staff's room.
            let kind = try #require(TicketsModule(desk.tickets).rooms.kind(of: "tickets")?.kind)
            for (name, may) in [("clerk", true), ("root", true), ("manager", false), ("bookkeeper", false), ("sitter", false)] {
                let principal = try await people.authenticate(name, on: TestLoops.group.loops[0], at: .now)
                #expect(try await kind.admits(Caller(principal: principal, isReading: true), "") == may, "\(name)")
            }
        }
    }

    /// A critical platform ticket unanswered for four hours: one escalation, however often anybody looks.
    @Test func aMissedDeadlineIsToldOnce() async throws {
        try await withTickets { desk in
            let opened = try await desk.open(as: "nobody", title: "Security: data loss")
            #expect(opened.data["priority"] == "critical")
            let id = try #require(opened.data["id"]?.string)
            let answered = try await desk.open(as: "nobody", title: "Security again")
            let second = try #require(answered.data["id"]?.string)
            #expect(try await desk.send("POST", "/tickets/\(second)/comments", as: "boss", ["text": "We look."]).status == 201)
            try await desk.tickets.escalate()
            #expect(try await desk.texts("select id::text from tickets.tickets where sla_breached_at is not null").isEmpty)
            desk.server.clock.advance(by: .hours(4) + .seconds(1))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { try await desk.tickets.escalate() } }
                try await group.waitForAll()
            }
            #expect(try await desk.texts("select id::text from tickets.tickets where sla_breached_at is not null") == [id])
            let told = try await desk.texts(
                """
                select p.first_name from notifications.notifications n join identity.users p on p.id = n.user_id
                 where n.template_key = 'ticket_breached' and n.type = 'in_app' order by 1
                """)
            let assignee = try #require(opened.data["assignee"]?["name"]?.string).replacing(" Test", with: "")
            #expect(told == ["boss", "root", assignee].sorted())
            // It is no concern of the requester.
            let seen = try await desk.send("GET", "/tickets/\(id)", as: "nobody")
            #expect(seen.data["events"]?.array?.contains { $0["event"] == "breached" } == false)
            #expect(seen.data["ticket"]?["id"] != nil && seen.data["ticket"]?["slaBreachedAt"] == nil)
            let inside = try await desk.send("GET", "/tickets/\(id)", as: "boss")
            #expect(inside.data["events"]?.array?.count { $0["event"] == "breached" } == 1)
        }
    }
}
