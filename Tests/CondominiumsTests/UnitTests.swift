import JSON
import Postgres
import Support
import Testing
import Values

/// Scenarios 3 and 4 of spec section 8, and the quick search.
@Suite struct UnitTests {
    /// 25 units in all.
    private func fill(_ world: CondoWorld) async throws {
        try await world.database.write((3...25).map { world.unit(UUID.v7(), String($0), in: world.own) })
    }

    @Test func pagesFollowTheNumbersAsPeopleReadThem() async throws {
        try await withWorld { world in
            try await fill(world)
            let list = "/units?condoId=\(world.own.condo)"
            let last = try await world.get("\(list)&page=3&limit=10&sort=number", as: world.people.admin)
            #expect(last.status == 200 && last.data.array?.count == 5)
            #expect(last.meta["total"]?.int == 25 && last.meta["totalPages"]?.int == 3)
            let first = try await world.get("\(list)&limit=10", as: world.people.admin)
            #expect(first.data.array?.compactMap { $0["number"]?.string } == (1...10).map(String.init))
            #expect(try await world.get("\(list)&limit=101", as: world.people.admin).status == 422)
            let unknown = try await world.get("\(list)&foo=1", as: world.people.admin)
            #expect(unknown.status == 422)
            #expect(unknown.json["errors"]?[0]?["code"]?.string == "unknown_field")
        }
    }

    @Test func filtersNarrow() async throws {
        try await withWorld { world in
            try await fill(world)
            for (filter, count) in [
                ("status=occupied", 2), ("status=vacant", 23), ("typeCode=office", 0), ("q=Olga", 25), ("q=25", 1),
                ("buildingId=\(world.own.building)", 25), ("q=%25", 0), ("condoId=\(world.other.condo)", 0),
            ] {
                let answer = try await world.get("/units?\(filter)", as: world.people.director)
                #expect(answer.meta["total"]?.int == count, "\(filter): \(answer.text)")
            }
            // Who may not read owners does not find them by name.
            #expect(try await world.get("/units?q=Olga", as: world.people.worker).meta["total"]?.int == 0)
            #expect(try await world.get("/units", as: world.people.resident).meta["total"]?.int == 1)
            #expect(try await world.get("/units", as: world.people.stranger).meta["total"]?.int == 0)
        }
    }

    @Test func theSearchGoesByTheBeginningOfTheNumber() async throws {
        try await withWorld { world in
            try await fill(world)
            let path = "/units/search?condoId=\(world.own.condo)&q=2"
            let found = try await world.get(path, as: world.people.admin)
            #expect(found.status == 200)
            #expect(
                found.data.array?.compactMap { $0["number"]?.string } == ["2", "20", "21", "22", "23", "24", "25"])
            let first = found.data[0]
            #expect(first?["condo"]?["name"]?.string == "Condo X" && first?["building"]?["number"]?.string == "1")
            #expect(first?["status"]?.string == "occupied" && found.data[1]?["status"]?.string == "vacant")
            #expect(try await world.get(path, as: world.people.otherDirector).data.array?.isEmpty == true)
            #expect(try await world.get(path, as: world.people.resident).data.array?.isEmpty == true)
            #expect(try await world.get("/units/search?q=olga", as: world.people.admin).data.array?.count == 20)
            #expect(try await world.get("/units/search?q=olga", as: world.people.worker).data.array?.count == 0)
            #expect(try await world.get("/units/search?q=", as: world.people.admin).status == 422)
            #expect(try await world.get("/units/search", as: world.people.admin).status == 422)
        }
    }

    @Test func neighboursAreStrangers() async throws {
        try await withWorld { world in
            let resident = world.people.resident
            let meters = try await world.get("/units/\(world.own.neighbour)/meters", as: resident)
            #expect(meters.status == 404)
            #expect(try await world.get("/units/\(UUID.v7())", as: resident).status == 404)
            #expect(try await world.get("/units/not-an-id", as: resident).status == 404)
            #expect(try await world.delete("/units/\(world.own.unit)", as: resident).status == 403)
        }
    }

    @Test func everyoneSeesHisShareOfAUnit() async throws {
        try await withWorld { world in
            let path = "/units/\(world.own.unit)"
            let admin = try await world.get(path, as: world.people.admin).data
            #expect(admin["ownerEmail"]?.string == "olga@example.com" && admin["status"]?.string == "occupied")
            #expect(admin["residents"]?[0]?["name"]?.string == "resident Test")
            #expect(admin["type"]?["code"]?.string == "apartment" && admin["entrance"]?["number"]?.string == "1")
            let worker = try await world.get(path, as: world.people.worker).data
            #expect(worker["ownerEmail"] == nil && worker["ownerName"] != nil && worker["area"]?.number == 50)
            #expect(worker["residents"] == nil)
            let guardian = try await world.get(path, as: world.people.guardian).data
            #expect(guardian["ownerName"] == nil && guardian["area"] == nil)
            #expect(guardian["number"]?.string == "1")
            let resident = try await world.get(path, as: world.people.resident).data
            #expect(resident["ownerEmail"] == nil && resident["residents"]?.array?.count == 1)
            let vacant = UUID.v7()
            try await world.database.execute(world.unit(vacant, "9", in: world.own))
            let empty = try await world.get("/units/\(vacant)", as: world.people.admin).data
            #expect(empty["status"]?.string == "vacant" && empty["residents"]?.array?.isEmpty == true)
        }
    }

    /// Ten people move in at once, one is renamed, one changes his role, one leaves: the unit always names who lives there.
    @Test func aUnitNamesItsHousehold() async throws {
        try await withWorld { world in
            let unit = UUID.v7()
            try await world.database.execute(world.unit(unit, "9", in: world.own))
            let people = (0..<10).map { (user: UUID.v7(), resident: UUID.v7(), name: "Person\($0)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for person in people {
                    group.addTask {
                        try await world.database.execute(
                            Command(
                                """
                                insert into identity.users (id, email, first_name, last_name, status)
                                values (\(person.user), \(person.name.lowercased() + "@example.com"), \(person.name), 'Test', 'active')
                                """))
                        try await world.database.execute(
                            Command(
                                """
                                insert into condo.residents (id, user_id, condo_id, unit_id)
                                values (\(person.resident), \(person.user), \(world.own.condo), \(unit))
                                """))
                    }
                }
                try await group.waitForAll()
            }
            func household() async throws -> [String: String] {
                let shown = try await world.get("/units/\(unit)", as: world.people.admin).data["residents"]?.array ?? []
                return Dictionary(
                    uniqueKeysWithValues: shown.map { ($0["name"]?.string ?? "", $0["role"]?.string ?? "") })
            }
            var expected = Dictionary(uniqueKeysWithValues: people.map { ($0.name + " Test", "tenant") })
            #expect(try await household() == expected)
            let database = world.database
            try await database.execute(
                Command("update identity.users set first_name = 'Renamed' where id = \(people[0].user)"))
            try await database.execute(
                Command("update condo.residents set role = 'owner' where id = \(people[1].resident)"))
            try await database.execute(
                Command("update condo.residents set is_active = false where id = \(people[2].resident)"))
            expected["Person0 Test"] = nil
            expected["Renamed Test"] = "tenant"
            expected["Person1 Test"] = "owner"
            expected["Person2 Test"] = nil
            #expect(try await household() == expected)
        }
    }

    /// The change of his name is under way when he accepts his invitation.
    @Test func aHouseholdKnowsTheNameThatWasChangedDuringAMove() async throws {
        try await withWorld { world in
            let user = world.people.stranger
            let invite = try await world.post(
                "/invites", as: world.people.admin, ["unitId": .string("\(world.own.unit)")])
            let token = try #require(invite.data["token"]?.string)
            let move = try await world.database.transaction { _ in
                try await world.database.execute(
                    Command("update identity.users set first_name = 'Renamed' where id = \(user)"))
                let move = Task { try await world.post("/invites/accept/\(token)", as: user) }
                try await world.server.waitForLocks(1)
                return move
            }
            #expect(try await move.value.status == 201)
            let unit = try await world.get("/units/\(world.own.unit)", as: world.people.admin)
            #expect(unit.data["residents"]?.array?.contains { $0["name"] == "Renamed Test" } == true, "\(unit.text)")
        }
    }

    @Test func placesMustBelongTogether() async throws {
        try await withWorld { world in
            let body: (String, JSONValue) -> JSONValue = { name, value in
                .object([
                    ("condoId", .string("\(world.own.condo)")), ("number", "77"),
                    (name, value),
                ])
            }
            for (name, value) in [
                ("buildingId", JSONValue.string("\(world.other.building)")),
                ("entranceId", .string("\(world.own.entrance)")), ("typeCode", "castle"),
            ] {
                let answer = try await world.post("/units", as: world.people.admin, body(name, value))
                #expect(answer.status == 422 && answer.refusedFields == [name], "\(answer.text)")
            }
            let twice = try await world.post(
                "/units", as: world.people.admin,
                [
                    "condoId": .string("\(world.own.condo)"), "number": "1",
                    "buildingId": .string("\(world.own.building)"),
                ])
            #expect(twice.status == 409 && twice.code == "unit_exists")
        }
    }

    @Test func labelsFollowTheHouse() async throws {
        try await withWorld { world in
            let renamed = try await world.patch(
                "/buildings/\(world.own.building)", as: world.people.admin, ["number": "1B"])
            #expect(renamed.status == 200)
            let unit = try await world.get("/units/\(world.own.unit)", as: world.people.admin).data
            #expect(unit["building"]?["number"]?.string == "1B")
            let moved = try await world.patch(
                "/units/\(world.own.unit)", as: world.people.admin, ["buildingId": nil, "floor": 4])
            #expect(moved.status == 200, "\(moved.text)")
            #expect(moved.data["building"]?.isNull == true && moved.data["entrance"]?.isNull == true)
            #expect(moved.data["floor"]?.int == 4 && moved.data["area"]?.number == 50)
        }
    }

    @Test func aPostWithAKeyIsDoneOnce() async throws {
        try await withWorld { world in
            let body: JSONValue = ["condoId": .string("\(world.own.condo)"), "number": "88"]
            let first = try await world.post("/units", as: world.people.admin, body, key: "k1")
            let again = try await world.post("/units", as: world.people.admin, body, key: "k1")
            #expect(first.status == 201 && again.status == 201)
            #expect(first.data["id"]?.string == again.data["id"]?.string)
            #expect(again.field("idempotency-replayed") == "true")
            #expect(again.field("location") == "/api/v1/units/\(first.data["id"]?.string ?? "")")
        }
    }

    @Test func theStructureIsATree() async throws {
        try await withWorld { world in
            _ = try await world.post(
                "/units", as: world.people.admin, ["condoId": .string("\(world.own.condo)"), "number": "P1", "typeCode": "parking"])
            let tree = try await world.get("/condos/\(world.own.condo)/structure", as: world.people.guardian).data
            let entrance = tree["buildings"]?[0]?["entrances"]?[0]
            #expect(entrance?["units"]?.array?.compactMap { $0["number"]?.string } == ["1", "2"])
            #expect(tree["units"]?[0]?["type"]?.string == "parking")
        }
    }
}
