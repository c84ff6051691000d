import JSON
import Postgres
import Support
import Testing
import Values

/// Who works where, who appoints whom, and the right that comes and goes with it.
@Suite struct StaffTests {
    private func take(
        _ world: CondoWorld, _ role: String, in condo: UUID?, as user: UUID
    ) async throws -> TestAnswer {
        var body: [(name: String, value: JSONValue)] = [
            ("role", .string(role)), ("position", "Plumber"), ("specializations", ["plumbing"]),
            ("userId", .string("\(world.people.stranger)")),
        ]
        if let condo { body.append(("condoId", .string("\(condo)"))) }
        return try await world.post("/companies/\(world.own.company)/staff", as: user, .object(body))
    }

    @Test func rightsComeAndGoWithTheWork() async throws {
        try await withWorld { world in
            let unit = "/units/\(world.own.unit)"
            #expect(try await world.get(unit, as: world.people.stranger).status == 404)
            let made = try await take(world, "worker", in: world.own.condo, as: world.people.admin)
            #expect(made.status == 201 && made.data["name"]?.string == "stranger Test", "\(made.text)")
            let path = "/companies/\(world.own.company)/staff/\(made.data["id"]?.string ?? "")"
            #expect(try await world.get(unit, as: world.people.stranger).status == 200)
            #expect(try await world.get(path, as: world.people.stranger).status == 200)
            #expect(try await world.get(path, as: world.people.guardian).status == 404)
            #expect(try await world.get(path, as: world.people.otherDirector).status == 404)
            let again = try await take(world, "guard", in: world.own.condo, as: world.people.admin)
            #expect(again.status == 409 && again.code == "already_staff")
            let idle = try await world.patch(path, as: world.people.admin, ["isActive": false])
            #expect(idle.status == 200 && idle.data["isActive"]?.bool == false)
            #expect(try await world.get(unit, as: world.people.stranger).status == 404)
            #expect(try await world.patch(path, as: world.people.director, ["isActive": true]).status == 200)
            #expect(try await world.get(unit, as: world.people.stranger).status == 200)
            #expect(try await world.delete(path, as: world.people.admin).status == 204)
            #expect(try await world.get(unit, as: world.people.stranger).status == 404)
        }
    }

    /// A last name is optional: who has none is shown by his first one alone.
    @Test func whoHasOneNameIsShownByIt() async throws {
        try await withWorld { world in
            try await world.database.execute(
                Command("update identity.users set last_name = '' where email in ('stranger@example.com', 'resident@example.com')"))
            let made = try await take(world, "worker", in: world.own.condo, as: world.people.admin)
            #expect(made.status == 201 && made.data["name"]?.string == "stranger", "\(made.text)")
            let residents = try await world.get("/residents/unit/\(world.own.unit)", as: world.people.admin)
            #expect(residents.data[0]?["user"]?["name"]?.string == "resident", "\(residents.text)")
        }
    }

    @Test func officersAreAppointedByDirectors() async throws {
        try await withWorld { world in
            #expect(try await take(world, "condo_admin", in: world.own.condo, as: world.people.admin).status == 403)
            #expect(try await take(world, "worker", in: nil, as: world.people.admin).status == 403)
            #expect(try await take(world, "accountant", in: nil, as: world.people.accountant).status == 403)
            #expect(try await take(world, "worker", in: world.own.condo, as: world.people.otherDirector).status == 404)
            #expect(try await take(world, "accountant", in: world.own.condo, as: world.people.director).status == 422)
            #expect(try await take(world, "accountant", in: nil, as: world.people.director).status == 201)
            let list = "/companies/\(world.own.company)/staff"
            #expect(try await world.get(list, as: world.people.director).meta["total"]?.int == 1)
            #expect(try await world.get(list, as: world.people.admin).meta["total"]?.int == 0)
            #expect(try await world.get(list + "?specialization=gas", as: world.people.director).meta["total"]?.int == 0)
            #expect(try await world.get(list, as: world.people.worker).status == 403)
            let foreign = try await take(world, "worker", in: world.other.condo, as: world.people.root)
            #expect(foreign.status == 422 && foreign.refusedFields == ["condoId"])
        }
    }
}
