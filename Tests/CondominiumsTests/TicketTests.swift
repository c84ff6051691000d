import Identity
import JSON
import Jobs
import Notifications
import Postgres
import Service
import Support
import Testing
import Tickets
import Values

@testable import Condominiums

/// Spec 4.8 and acceptance 22, 23: the condo's profile with the condo's own staff, scopes and roles.
@Suite struct TicketTests {
    private func open(_ world: CondoWorld, as user: UUID, _ members: [(name: String, value: JSONValue)] = []) async throws -> TestAnswer {
        let body: [(name: String, value: JSONValue)] = [
            ("scopeType", "condo"), ("scopeId", .string(world.own.condo.description)), ("title", "A leak"), ("description", "In the kitchen"),
        ]
        return try await world.post("/tickets", as: user, .object(body + members))
    }

    private func employ(_ world: CondoWorld, _ user: UUID, _ specialities: [String], condo: UUID?) async throws {
        try await world.database.execute(
            Command(
                """
                insert into condo.staff (id, user_id, company_id, condo_id, role, position, specializations)
                values (\(UUID.v7()), \(user), \(world.own.company), \(condo), 'worker', 'Plumber', \(specialities))
                """))
    }

    @Test func whoOpensAndSeesATicketOfACondo() async throws {
        try await withWorld { world in
            let people = world.people
            for (user, status) in [
                (people.resident, 201), (people.worker, 201), (people.guardian, 201), (people.admin, 201), (people.director, 201),
                (people.accountant, 404), (people.otherDirector, 404), (people.stranger, 404),
            ] {
                let answer = try await open(world, as: user)
                #expect(answer.status == status, "\(answer.text)")
            }
            let own = try await open(world, as: people.neighbour)
            #expect(own.data["place"]?["id"]?.string == world.own.neighbour.description)
            #expect(own.data["category"]?["code"] == "other" && own.data["dueAt"] == .null)
            #expect(own.data["ticketNumber"]?.string?.hasPrefix("TKT-") == true)
            let path = "/tickets/" + (own.data["id"]?.string ?? "")
            for (user, status) in [
                (people.neighbour, 200), (people.resident, 404), (people.worker, 404), (people.guardian, 404),
                (people.accountant, 200), (people.admin, 200), (people.director, 200), (people.otherDirector, 404),
                (people.stranger, 404), (people.root, 200),
            ] {
                #expect(try await world.get(path, as: user).status == status)
            }
        }
    }

    /// What is open is in the figures of those who look after it, and in the home of those whose it is.
    @Test func openOnesAreCounted() async throws {
        try await withWorld { world in
            for person in [world.people.resident, world.people.worker] { #expect(try await open(world, as: person).status == 201) }
            let own = try await open(world, as: world.people.neighbour).data["id"]?.string ?? ""
            #expect(try await world.post("/tickets/\(own)/status", as: world.people.admin, ["status": "closed"]).status == 200)
            try await world.database.execute(
                Command("update tickets.tickets set due_at = \(world.server.clock.clock.now() - .days(1)) where place_id = \(world.own.unit)"))
            for path in ["/companies/\(world.own.company)/stats", "/condos/\(world.own.condo)/stats"] {
                let figures = try await world.get(path, as: world.people.accountant)
                #expect(figures.data["openTickets"]?.int == 2 && figures.data["overdueTickets"]?.int == 1, "\(figures.text)")
                #expect((figures.data["condos"]?.int == 1) == path.hasPrefix("/companies"), "\(figures.text)")
            }
            for (person, count) in [(world.people.resident, 1), (world.people.neighbour, 0)] {
                #expect(try await world.get("/residents/my-units", as: person).data[0]?["openTickets"]?.int == count)
            }
        }
    }

    @Test func oneFittingWorkerGetsIt() async throws {
        try await withWorld { world in
            let people = world.people
            try await employ(world, people.worker, ["plumbing"], condo: world.own.condo)
            let ticket = try await open(world, as: people.resident, [("category", "plumbing")])
            #expect(ticket.data["status"] == "assigned")
            #expect(ticket.data["assignee"]?["id"]?.string == people.worker.description)
            let path = "/tickets/" + (ticket.data["id"]?.string ?? "")
            let review: JSONValue = ["status": "review"]
            #expect(try await world.post(path + "/status", as: people.guardian, review).status == 404)
            #expect(try await world.post(path + "/status", as: people.worker, ["status": "waiting"]).code == "invalid_transition")
            #expect(try await world.post(path + "/status", as: people.worker, review).status == 200)
            let resident: JSONValue = ["userId": .string(people.resident.description)]
            #expect(try await world.post(path + "/assign", as: people.admin, resident).code == "not_staff")
            let foreign: JSONValue = ["userId": .string(people.otherDirector.description)]
            #expect(try await world.post(path + "/assign", as: people.admin, foreign).code == "not_staff")
            #expect(try await world.post(path + "/status", as: people.worker, ["status": "resolved"]).status == 200)
            #expect(try await world.post(path + "/rate", as: people.resident, ["rating": 6]).status == 422)
            #expect(try await world.post(path + "/rate", as: people.neighbour, ["rating": 5]).status == 404)
            world.server.clock.advance(by: .hours(24))
            let reopened = try await world.post(path + "/status", as: people.resident, ["status": "in_progress"])
            #expect(reopened.code == "invalid_transition")
        }
    }

    @Test func aBlockedCompanyHasNoTickets() async throws {
        try await withWorld { world in
            let ticket = try await open(world, as: world.people.resident)
            let path = "/tickets/" + (ticket.data["id"]?.string ?? "")
            #expect(try await world.post("/companies/\(world.own.company)/block", as: world.people.root, ["reason": "Unpaid"]).status == 200)
            #expect(try await world.get(path, as: world.people.admin).code == "company_blocked")
            #expect(try await world.get(path, as: world.people.resident).code == "company_blocked")
            #expect(try await open(world, as: world.people.resident, [("priority", "high")]).code == "company_blocked")
        }
    }
}
