import JSON
import Postgres
import Support
import Testing
import Values

/// `If-Match` on every object of the product that has a GET of its own (conventions, 2).
@Suite struct MatchingTests {
    private func made(_ answer: TestAnswer) throws -> String {
        try #require(answer.data["id"]?.string, "\(answer.text)")
    }

    @Test func whatIsReadIsChangedOnTheCopyThatWasRead() async throws {
        try await withWorld { world in
            let reading = try made(
                try await world.post(
                    "/meters/\(world.own.meter)/readings", as: world.people.resident,
                    ["value": 10, "readingDate": "2026-01-01"]))
            let staff = try made(
                try await world.post(
                    "/companies/\(world.own.company)/staff", as: world.people.director,
                    [
                        "role": "worker", "position": "Plumber", "userId": .string("\(world.people.stranger)"),
                        "condoId": .string("\(world.own.condo)"),
                    ]))
            let resident = try await world.database.one(
                Statement<UUID>("select id from condo.residents where user_id = \(world.people.resident)"))
            let rows: [(path: String, first: JSONValue, second: JSONValue)] = [
                ("/companies/\(world.own.company)", ["city": "Sofia"], ["city": "Varna"]),
                ("/condos/\(world.own.condo)", ["city": "Sofia"], ["city": "Varna"]),
                ("/buildings/\(world.own.building)", ["floorCount": 5], ["floorCount": 6]),
                ("/entrances/\(world.own.entrance)", ["floorCount": 5], ["floorCount": 6]),
                ("/units/\(world.own.unit)", ["floor": 3], ["floor": 4]),
                ("/residents/\(resident)", ["birthDate": "1990-02-28"], ["passportNumber": "4510 123456"]),
                ("/meters/\(world.own.meter)", ["serialNumber": "A-1"], ["serialNumber": "A-2"]),
                ("/meter-readings/\(reading)", ["value": 11], ["notes": "read again"]),
                ("/companies/\(world.own.company)/staff/\(staff)", ["position": "Joiner"], ["isActive": false]),
            ]
            for row in rows {
                try await world.server.checkMatching(
                    MatchedChange("/api/v1" + row.path, as: "\(world.people.director)", row.first, row.second))
            }
        }
    }

    /// From the leaves up, until the company is gone.
    @Test func whatHasChangedSinceItWasReadIsNotDeleted() async throws {
        try await withWorld { world in
            let (own, people) = (world.own, world.people)
            let reading = try made(
                try await world.post(
                    "/meters/\(own.meter)/readings", as: people.resident, ["value": 10, "readingDate": "2026-01-01"]))
            let staff = try made(
                try await world.post(
                    "/companies/\(own.company)/staff", as: people.director,
                    ["role": "worker", "position": "Plumber", "userId": .string("\(people.stranger)")]))
            let invite = try made(
                try await world.post("/invites", as: people.director, ["unitId": .string("\(own.unit)")]))
            let resident = try await world.database.one(
                Statement<UUID>("select id from condo.residents where user_id = \(people.resident)"))
            try await world.server.checkDeletion(of: "/api/v1/invites/\(invite)", as: "\(people.director)") {
                let changed = try await world.post("/invites/\(invite)/deactivate", as: people.director)
                #expect(changed.status == 200)
            }
            let rows: [(path: String, change: JSONValue)] = [
                ("/meter-readings/\(reading)", ["value": 11]), ("/meters/\(own.meter)", ["serialNumber": "A-1"]),
                ("/residents/\(resident)", ["birthDate": "1990-02-28"]), ("/units/\(own.unit)", ["floor": 3]),
                ("/entrances/\(own.entrance)", ["floorCount": 5]), ("/buildings/\(own.building)", ["floorCount": 5]),
                ("/companies/\(own.company)/staff/\(staff)", ["position": "Joiner"]),
                ("/condos/\(own.condo)", ["city": "Sofia"]), ("/companies/\(own.company)", ["city": "Sofia"]),
            ]
            for row in rows {
                try await world.server.checkDeletion(of: "/api/v1" + row.path, as: "\(people.root)") {
                    let changed = try await world.patch(row.path, as: people.director, row.change)
                    #expect(changed.status == 200, "\(row.path): \(changed.text)")
                }
            }
        }
    }

    @Test func ofTwoChangesOnOneCopyOneIsMade() async throws {
        try await withWorld { world in
            let reading = try made(
                try await world.post(
                    "/meters/\(world.own.meter)/readings", as: world.people.resident,
                    ["value": 10, "readingDate": "2026-01-01"]))
            try await world.server.raceMatching(
                MatchedChange(
                    "/api/v1/buildings/\(world.own.building)", as: "\(world.people.director)", ["floorCount": 5],
                    ["floorCount": 6]),
                holding: Statement("select 1 from condo.buildings where id = \(world.own.building) for update"))
            try await world.server.raceMatching(
                MatchedChange(
                    "/api/v1/meter-readings/\(reading)", as: "\(world.people.director)", ["value": 11], ["value": 12]),
                holding: Statement("select 1 from condo.meters where id = \(world.own.meter) for update"))
        }
    }
}
