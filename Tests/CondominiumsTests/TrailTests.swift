import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Condominiums

/// What staff do is written down with what it was and what it is (conventions, 4).
@Suite struct TrailTests {
    private func rows(_ world: CondoWorld, _ action: String) async throws -> [(old: JSONValue, new: JSONValue)] {
        try await world.database.all(
            Statement<TrailRow>(
                """
                select coalesce(old_values, 'null'), coalesce(new_values, 'null') from identity.audit_logs
                where action = \(action) order by at, id
                """)
        ).map { ($0.old, $0.new) }
    }

    @Test func whatIsMadeAndRemovedIsToldWhole() async throws {
        try await withWorld { world in
            let made = try await world.post(
                "/buildings", as: world.people.admin, ["condoId": .string("\(world.own.condo)"), "number": "7a"])
            let id = made.data["id"]?.string ?? ""
            let created = try await rows(world, "building_created")
            #expect(created.first?.new["number"]?.string == "7a" && created.first?.new["id"] == nil, "\(created)")
            #expect(try await world.delete("/buildings/\(id)", as: world.people.admin).status == 204)
            #expect(try await rows(world, "building_deleted").first?.old["number"]?.string == "7a")
            let invite = try await world.post(
                "/invites", as: world.people.admin,
                ["unitId": .string("\(world.own.unit)"), "email": "new@example.com"])
            let invited = try #require(try await rows(world, "invite_created").first?.new)
            #expect(invited["email"]?.string == "new@example.com" && invited["token"]?.string == nil, "\(invited)")
            #expect(try await world.post("/invites/\(invite.data["id"]?.string ?? "")/deactivate", as: world.people.admin).status == 200)
            #expect(try await rows(world, "invite_deactivated").first?.new["isActive"]?.bool == false)
            let path = "/companies/\(world.own.company)"
            #expect(try await world.post(path + "/block", as: world.people.root, ["reason": "unpaid"]).status == 200)
            #expect(try await rows(world, "company_blocked").first?.new["blockedReason"]?.string == "unpaid")
        }
    }

    /// Who gave and took which role, by whatever rule of the product.
    @Test func grantsAreWrittenDown() async throws {
        try await withWorld { world in
            let resident: JSONValue = [
                "unitId": .string("\(world.own.unit)"), "userId": .string("\(world.people.stranger)"),
            ]
            let made = try await world.post("/residents", as: world.people.admin, resident)
            let id = made.data["id"]?.string ?? ""
            let given = try await world.database.one(
                Statement<Int>(
                    """
                    select count(*) from identity.audit_logs where action = 'grant_given'
                      and object_id = \(world.people.stranger.description) and actor_id = \(world.people.admin)
                      and scope_type = 'unit' and scope_id = \(world.own.unit) and new_values ->> 'role' = 'resident'
                    """))
            #expect(given == 1)
            #expect(try await world.delete("/residents/\(id)", as: world.people.admin).status == 204)
            #expect(try await rows(world, "grant_withdrawn").map { $0.old["role"]?.string } == ["resident"])
            let post: JSONValue = [
                "userId": .string("\(world.people.stranger)"), "role": "worker", "position": "Plumber",
                "condoId": .string("\(world.own.condo)"),
            ]
            let staff = try await world.post("/companies/\(world.own.company)/staff", as: world.people.director, post)
            #expect(staff.status == 201, "\(staff.text)")
            #expect(try await rows(world, "staff_added").first?.new["position"]?.string == "Plumber")
            #expect(try await rows(world, "grant_given").last?.new["role"]?.string == "worker")
        }
    }

    /// All grants below a scope in one go, each told to whom it concerns and written down.
    @Test func whoeverLosesHisRightsWithTheirScopeIsTold() async throws {
        try await withWorld { world in
            #expect(try await world.delete("/companies/\(world.own.company)", as: world.people.root).status == 204)
            let taken = try await rows(world, "grant_withdrawn").compactMap { $0.old["role"]?.string }.sorted()
            #expect(
                taken == ["accountant", "condo_admin", "director", "guard", "resident", "resident", "worker"], "\(taken)")
            let told = try await world.count(
                "select count(distinct object_id) from api.outbox where event = 'user.grants_changed'")
            #expect(told == 7)
        }
    }

    @Test func aGenerationHasItsRow() async throws {
        try await withWorld { world in
            let run = try await world.generate("2026-07")
            let written = try await world.database.one(
                Statement<Int>(
                    """
                    select count(*) from identity.audit_logs where action = 'invoices_generated'
                      and object_id = \(run.data["id"]?.string ?? "") and scope_id = \(world.own.condo)
                      and actor_id = \(world.people.accountant) and details ->> 'period' = '2026-07'
                    """))
            #expect(written == 1)
        }
    }
}

private struct TrailRow: Row {
    let old: JSONValue
    let new: JSONValue

    init(_ row: inout RowReader) throws {
        let (before, after): (JSONText, JSONText) = try (row.next(), row.next())
        old = try JSONValue.decode(json: before.bytes)
        new = try JSONValue.decode(json: after.bytes)
    }
}
