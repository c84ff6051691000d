import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Condominiums

/// Scenarios 5 to 9 of spec section 8.
@Suite struct ResidencyTests {
    /// What the platform's staff sees of somebody, beside his account.
    @Test func homesAreShownWithTheirPerson() async throws {
        try await withWorld { world in
            let section = try #require(world.module.sections.first { $0.scopeTypes == ["user"] })
            for (user, count) in [(world.people.resident, 1), (world.people.director, 0)] {
                let shown = try JSONValue.decode(json: try await section.show(Scope("user", user)).bytes)
                #expect(shown["homes"]?.array?.count == count, "\(shown)")
            }
        }
    }

    @Test func oneOwnerMadeByDirectors() async throws {
        try await withWorld { world in
            let body: (UUID) -> JSONValue = {
                ["unitId": .string("\(world.own.unit)"), "userId": .string("\($0)"), "role": "owner"]
            }
            #expect(try await world.post("/residents", as: world.people.admin, body(world.people.stranger)).status == 403)
            #expect(try await world.post("/residents", as: world.people.director, body(world.people.stranger)).status == 201)
            let second = try await world.post("/residents", as: world.people.director, body(world.people.worker))
            #expect(second.status == 409 && second.code == "owner_exists")
            let byInvite = try await world.invite([("role", "owner")])
            #expect(byInvite.status == 403)
            let same = try await world.post(
                "/residents", as: world.people.director,
                ["unitId": .string("\(world.own.unit)"), "userId": .string("\(world.people.stranger)")])
            #expect(same.status == 409 && same.code == "already_resident")
        }
    }

    @Test func nobodyMovesOutBeforeHeCame() async throws {
        try await withWorld { world in
            let list = try await world.get("/residents?unitId=\(world.own.unit)", as: world.people.admin)
            let path = "/residents/\(try #require(list.data[0]?["id"]?.string))"
            // Recorded today, and nothing known of the day on which he came.
            let early = try await world.post(path + "/move-out", as: world.people.admin, ["date": "1999-01-01"])
            #expect(early.status == 422 && early.refusedFields == ["date"], "\(early.text)")
            let changed = try await world.patch(path, as: world.people.admin, ["moveOutDate": "1999-01-01"])
            #expect(changed.status == 422 && changed.refusedFields == ["moveOutDate"], "\(changed.text)")
            #expect(try await world.patch(path, as: world.people.admin, ["moveInDate": "1998-05-01"]).status == 200)
            let before = try await world.post(path + "/move-out", as: world.people.admin, ["date": "1998-04-30"])
            #expect(before.status == 422 && before.refusedFields == ["date"], "\(before.text)")
            let out = try await world.post(path + "/move-out", as: world.people.admin, ["date": "1999-01-01"])
            #expect(out.status == 200 && out.data["moveOutDate"] == "1999-01-01", "\(out.text)")
        }
    }

    /// Where he lives as in the lists: by the parts of his name that there are, else by the beginning of his e-mail.
    @Test func anAccountWithoutANameIsCalledByItsAddress() async throws {
        try await withWorld { world in
            try await world.database.execute(
                Command("update identity.users set first_name = '', last_name = '' where id = \(world.people.stranger)"))
            let made = try await world.post(
                "/residents", as: world.people.admin,
                ["unitId": .string("\(world.own.unit)"), "userId": .string("\(world.people.stranger)")])
            #expect(made.status == 201 && made.data["name"] == "stranger", "\(made.text)")
            func household() async throws -> [String] {
                let unit = try await world.get("/units/\(world.own.unit)", as: world.people.admin)
                return (unit.data["residents"]?.array ?? []).compactMap { $0["name"]?.string }
            }
            #expect(try await household().contains("stranger"))
            #expect(try await world.patch("/users/me", as: world.people.stranger, ["firstName": "Willi"]).status == 200)
            #expect(try await household().contains("Willi"))
            let found = try await world.get("/residents/\(made.data["id"]?.string ?? "")", as: world.people.admin)
            #expect(found.data["name"] == "Willi")
        }
    }

    @Test func whoMovesOutIsAStrangerAtOnce() async throws {
        try await withWorld { world in
            let list = try await world.get("/residents?unitId=\(world.own.unit)", as: world.people.admin)
            let id = try #require(list.data[0]?["id"]?.string)
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.resident).status == 200)
            let out = try await world.post("/residents/\(id)/move-out", as: world.people.admin, [:])
            #expect(out.status == 200 && out.data["isActive"]?.bool == false, "\(out.text)")
            #expect(out.data["moveOutDate"]?.string != nil)
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.resident).status == 404)
            let again = try await world.post("/residents/\(id)/move-out", as: world.people.admin, [:])
            #expect(again.status == 409 && again.code == "already_moved_out")
            let unit = try await world.get("/units/\(world.own.unit)", as: world.people.admin)
            #expect(unit.data["status"]?.string == "vacant")
        }
    }

    /// By the account's names and address, also where somebody was added while he was being renamed.
    @Test func residentsStandInTheOrderOfTheirNames() async throws {
        try await withWorld { world in
            try await world.house(world.people.worker, in: world.own.unit)
            try await world.database.write([
                Command("update identity.users set last_name = 'Adams' where id = \(world.people.worker)"),
                Command("update identity.users set last_name = 'Brown', email = 'zoe@example.com' where id = \(world.people.resident)"),
            ])
            let added = try await world.database.transaction { _ in
                try await world.database.execute(
                    Command("update identity.users set last_name = 'Aaron' where id = \(world.people.stranger)"))
                let added = Task {
                    try await world.post(
                        "/residents", as: world.people.admin,
                        [
                            "unitId": .string("\(world.own.neighbour)"), "userId": .string("\(world.people.stranger)"),
                            "role": "tenant",
                        ])
                }
                try await world.server.waitForLocks(1)
                return added
            }
            #expect(try await added.value.status == 201)
            func order(_ sort: String) async throws -> [String] {
                let list = try await world.get("/residents?condoId=\(world.own.condo)&sort=\(sort)", as: world.people.admin)
                return list.data.array?.compactMap { $0["name"]?.string?.split(separator: " ").last.map(String.init) } ?? []
            }
            #expect(try await order("name") == ["Aaron", "Adams", "Brown", "Test"])
            #expect(try await order("-name") == ["Test", "Brown", "Adams", "Aaron"])
            #expect(try await order("-email").first == "Brown")
        }
    }

    @Test func papersAreForManagers() async throws {
        try await withWorld { world in
            let made = try await world.post(
                "/residents", as: world.people.director,
                [
                    "unitId": .string("\(world.own.unit)"), "passportNumber": "4510 123456", "birthDate": "1980-05-05",
                    "person": ["firstName": "Petya", "lastName": "Ivanov", "email": "petya@example.com"],
                ])
            #expect(made.status == 201 && made.data["passportNumber"]?.string == "4510 123456", "\(made.text)")
            let id = made.data["id"]?.string ?? ""
            let accountant = try await world.get("/residents/\(id)", as: world.people.accountant)
            #expect(accountant.data["passportNumber"]?.string == "•••• 3456")
            let list = try await world.get("/residents?q=petya", as: world.people.director)
            #expect(list.data[0]?["passportNumber"]?.string == "•••• 3456")
            let stored = try await world.count(
                "select count(*) from condo.residents where position('123456'::bytea in passport_number_enc) > 0")
            #expect(stored == 0)
            let future = try await world.post(
                "/residents", as: world.people.director,
                [
                    "unitId": .string("\(world.own.unit)"), "birthDate": "2999-01-01",
                    "userId": .string("\(world.people.worker)"),
                ])
            #expect(future.status == 422 && future.refusedFields == ["birthDate"])
        }
    }

    @Test func whoHasNoUnitYetIsPlacedThere() async throws {
        try await withWorld { world in
            let waiting = try await world.post(
                "/residents", as: world.people.admin,
                ["condoId": .string("\(world.own.condo)"), "userId": .string("\(world.people.stranger)")])
            #expect(waiting.status == 201 && waiting.data["unit"]?.isNull == true, "\(waiting.text)")
            #expect(try await world.get("/condos/\(world.own.condo)", as: world.people.stranger).status == 200)
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.stranger).status == 404)
            let token = try #require(try await world.invite().data["token"]?.string)
            let placed = try await world.post("/invites/accept/\(token)", as: world.people.stranger)
            #expect(placed.status == 201)
            #expect(placed.data["resident"]?["id"]?.string == waiting.data["id"]?.string)
            let mine = try await world.get("/residents/my-units", as: world.people.stranger)
            #expect(mine.data.array?.count == 1 && mine.data[0]?["unit"]?["number"]?.string == "1")
        }
    }

    @Test func myUnitsTellWhatIsDue() async throws {
        try await withWorld { world in
            try await world.tariff("maintenance", .areaBased, "35")
            try await world.perform(world.generate("2026-07"))
            let mine = try await world.get("/residents/my-units", as: world.people.resident).data[0]
            #expect(mine?["balanceDue"]?.number == 1750)
            #expect(mine?["currency"]?.string == "RUB" && mine?["metersWithoutReading"]?.int == 1)
            _ = try await world.post("/meters/\(world.own.meter)/readings", as: world.people.resident, ["value": 3])
            let after = try await world.get("/residents/my-units", as: world.people.resident).data[0]
            #expect(after?["metersWithoutReading"]?.int == 0)
        }
    }

    /// What is due in a flat is its present residents' business.
    @Test func whoHasMovedOutOwesNothingMore() async throws {
        try await withWorld { world in
            try await world.tariff("maintenance", .areaBased, "35")
            try await world.perform(world.generate("2026-07"))
            let list = try await world.get("/residents?unitId=\(world.own.unit)", as: world.people.admin)
            let id = try #require(list.data[0]?["id"]?.string)
            #expect(try await world.post("/residents/\(id)/move-out", as: world.people.admin, [:]).status == 200)
            let former = try await world.get("/residents/my-units?includeInactive=true", as: world.people.resident).data[0]
            #expect(former?["isActive"]?.bool == false && former?["balanceDue"]?.number == 0, "\(former ?? .null)")
            #expect(former?["metersWithoutReading"]?.int == 0)
        }
    }

    @Test func aResidentMovesWithinTheCondo() async throws {
        try await withWorld { world in
            let list = try await world.get("/residents?unitId=\(world.own.unit)", as: world.people.admin)
            let id = try #require(list.data[0]?["id"]?.string)
            let own = try await world.get("/residents/\(id)", as: world.people.resident)
            #expect(own.status == 200)
            #expect(try await world.get("/residents/\(id)", as: world.people.neighbour).status == 404)
            let moved = try await world.patch(
                "/residents/\(id)", as: world.people.admin, ["unitId": .string("\(world.own.neighbour)")])
            #expect(moved.status == 200 && moved.data["unit"]?["number"]?.string == "2", "\(moved.text)")
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.resident).status == 404)
            #expect(try await world.get("/units/\(world.own.neighbour)", as: world.people.resident).status == 200)
            let elsewhere = try await world.patch(
                "/residents/\(id)", as: world.people.root, ["unitId": .string("\(world.other.unit)")])
            #expect(elsewhere.status == 422 && elsewhere.refusedFields == ["unitId"])
            #expect(try await world.patch("/residents/\(id)", as: world.people.admin, ["role": "owner"]).status == 403)
            #expect(try await world.delete("/residents/\(id)", as: world.people.admin).status == 204)
            #expect(try await world.get("/units/\(world.own.neighbour)", as: world.people.resident).status == 404)
        }
    }

    /// Who comes back has a row of his own; what is done to the row of his first stay does not touch the second.
    @Test func anOldStayDoesNotEndTheNewOne() async throws {
        try await withWorld { world in
            let unit: JSONValue = .string("\(world.own.unit)")
            let condo: JSONValue = .string("\(world.own.condo)")
            let user: JSONValue = .string("\(world.people.stranger)")
            func stay(_ place: (name: String, value: JSONValue)) async throws -> String {
                let made = try await world.post(
                    "/residents", as: world.people.admin, .object([place, (name: "userId", value: user)]))
                return try #require(made.data["id"]?.string, "\(made.text)")
            }
            func leave(_ id: String) async throws {
                #expect(try await world.post("/residents/\(id)/move-out", as: world.people.admin, [:]).status == 200)
            }
            let first = try await stay((name: "unitId", value: unit))
            try await leave(first)
            let second = try await stay((name: "unitId", value: unit))
            let edited = try await world.patch("/residents/\(first)", as: world.people.admin, ["birthDate": "1980-05-05"])
            #expect(edited.status == 200, "\(edited.text)")
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.stranger).status == 200)
            #expect(try await world.delete("/residents/\(first)", as: world.people.admin).status == 204)
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.stranger).status == 200)
            try await leave(second)
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.stranger).status == 404)

            let waited = try await stay((name: "condoId", value: condo))
            try await leave(waited)
            #expect(try await world.get("/condos/\(world.own.condo)", as: world.people.stranger).status == 404)
            let waits = try await stay((name: "condoId", value: condo))
            #expect(try await world.delete("/residents/\(waited)", as: world.people.admin).status == 204)
            #expect(try await world.get("/condos/\(world.own.condo)", as: world.people.stranger).status == 200)
            #expect(try await world.delete("/residents/\(waits)", as: world.people.admin).status == 204)
            #expect(try await world.get("/condos/\(world.own.condo)", as: world.people.stranger).status == 404)
        }
    }

    /// Making an owner is the director's, by whichever member of the row it is done.
    @Test func onlyDirectorsMakeOwnersByAChange() async throws {
        try await withWorld { world in
            let made = try await world.post(
                "/residents", as: world.people.director,
                [
                    "unitId": .string("\(world.own.unit)"), "userId": .string("\(world.people.stranger)"),
                    "role": "owner",
                ])
            let path = "/residents/\(made.data["id"]?.string ?? "")"
            let elsewhere: JSONValue = ["unitId": .string("\(world.own.neighbour)")]
            #expect(try await world.patch(path, as: world.people.admin, elsewhere).status == 403)
            let plain = try await world.patch(path, as: world.people.admin, ["birthDate": "1980-05-05", "role": "owner"])
            #expect(plain.status == 200, "\(plain.text)")
            #expect(try await world.patch(path, as: world.people.admin, ["isActive": false]).status == 200)
            #expect(try await world.patch(path, as: world.people.admin, ["isActive": true]).status == 403)
            #expect(try await world.patch(path, as: world.people.director, ["isActive": true]).status == 200)
            #expect(try await world.patch(path, as: world.people.director, elsewhere).status == 200)
        }
    }
}
