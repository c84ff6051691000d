import JSON
import Postgres
import Support
import Testing
import Values

/// Houses, entrances and dictionaries: what is added, changed, taken and refused.
@Suite struct StructureTests {
    @Test func housesStandInOrder() async throws {
        try await withWorld { world in
            let condo = JSONValue.string("\(world.own.condo)")
            for number in ["10", "2"] {
                let made = try await world.post(
                    "/buildings", as: world.people.admin, ["condoId": condo, "number": .string(number)])
                #expect(made.status == 201)
            }
            let list = try await world.get("/buildings?condoId=\(world.own.condo)", as: world.people.resident)
            #expect(list.data.array?.compactMap { $0["number"]?.string } == ["1", "2", "10"])
            #expect(list.meta["total"]?.int == 3)
            let twice = try await world.post("/buildings", as: world.people.admin, ["condoId": condo, "number": "2"])
            #expect(twice.status == 409 && twice.code == "building_exists")
            let foreign = try await world.get("/buildings?condoId=\(world.own.condo)", as: world.people.otherDirector)
            #expect(foreign.status == 404)
            #expect(try await world.get("/buildings", as: world.people.admin).status == 422)
        }
    }

    @Test func intercomCodesAreForThoseWhoUseThem() async throws {
        try await withWorld { world in
            let list = "/entrances?buildingId=\(world.own.building)"
            let made = try await world.post(
                "/entrances", as: world.people.admin,
                ["buildingId": .string("\(world.own.building)"), "number": "2", "intercomCode": "88K"])
            #expect(made.status == 201)
            let atHome = try await world.get(list, as: world.people.resident)
            #expect(atHome.data.array?.map { $0["intercomCode"]?.string } == ["77K", nil])
            #expect(atHome.data[1]?["number"]?.string == "2" && atHome.data[1]?["intercomCode"] == nil)
            let guarded = try await world.get(list, as: world.people.guardian)
            #expect(guarded.data.array?.map { $0["intercomCode"]?.string } == ["77K", "88K"])
            let changed = try await world.patch(
                "/entrances/\(world.own.entrance)", as: world.people.admin, ["intercomCode": nil, "floorCount": 9])
            #expect(changed.status == 200 && changed.data["intercomCode"]?.isNull == true)
            let same = try await world.patch("/entrances/\(world.own.entrance)", as: world.people.admin, ["number": "2"])
            #expect(same.status == 409 && same.code == "entrance_exists")
        }
    }

    /// An entrance goes and its units stay; a house takes them along.
    @Test func whatGoesWithWhat() async throws {
        try await withWorld { world in
            #expect(try await world.delete("/entrances/\(world.own.entrance)", as: world.people.admin).status == 204)
            let unit = try await world.get("/units/\(world.own.unit)", as: world.people.resident)
            #expect(unit.status == 200 && unit.data["entrance"]?.isNull == true)
            #expect(unit.data["building"]?["number"]?.string == "1")
            #expect(try await world.delete("/buildings/\(world.own.building)", as: world.people.admin).status == 204)
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.resident).status == 404)
        }
    }

    @Test func unitTypesOfACondo() async throws {
        try await withWorld { world in
            let base = "/condos/\(world.own.condo)/unit-types"
            let made = try await world.post(base, as: world.people.admin, ["code": "attic", "name": "Attic"])
            let id = made.data["id"]?.string ?? ""
            let taken = try await world.post(base, as: world.people.admin, ["code": "attic", "name": "Again"])
            #expect(taken.status == 409 && taken.code == "code_taken")
            #expect(try await world.post(base, as: world.people.admin, ["code": "Big One", "name": "x"]).status == 422)
            let renamed = try await world.patch("\(base)/\(id)", as: world.people.admin, ["name": "Loft"])
            #expect(renamed.status == 200 && renamed.data["name"]?.string == "Loft")
            _ = try await world.patch("/units/\(world.own.unit)", as: world.people.admin, ["typeCode": "attic"])
            let used = try await world.delete("\(base)/\(id)", as: world.people.admin)
            #expect(used.status == 409 && used.code == "type_in_use")
            _ = try await world.patch("/units/\(world.own.unit)", as: world.people.admin, ["typeCode": "office"])
            #expect(try await world.delete("\(base)/\(id)", as: world.people.admin).status == 204)
            let list = try await world.get(base, as: world.people.resident).data.array ?? []
            #expect(list.count == 5)
            let system = list.first?["id"]?.string ?? ""
            #expect(try await world.patch("\(base)/\(system)", as: world.people.root, ["name": "x"]).status == 403)
        }
    }

    @Test func meterTypesOfACondoAndACompany() async throws {
        try await withWorld { world in
            let body: JSONValue = [
                "companyId": .string("\(world.own.company)"), "code": "steam", "name": "Steam", "unit": "t",
            ]
            #expect(try await world.post("/meter-types", as: world.people.admin, body).status == 403)
            let made = try await world.post("/meter-types", as: world.people.director, body)
            let id = made.data["id"]?.string ?? ""
            #expect(made.status == 201)
            let seen = try await world.get("/meter-types?condoId=\(world.own.condo)", as: world.people.resident)
            #expect(seen.meta["total"]?.int == 7, "\(seen.text)")
            #expect(try await world.get("/meter-types", as: world.people.otherDirector).meta["total"]?.int == 6)
            let changed = try await world.patch(
                "/meter-types/\(id)", as: world.people.director, ["maxMonthlyIncrease": 5])
            #expect(changed.status == 200 && changed.data["maxMonthlyIncrease"]?.number == 5)
            #expect(try await world.patch("/meter-types/\(id)", as: world.people.otherDirector, ["name": "x"]).status == 404)
            _ = try await world.post("/units/\(world.own.unit)/meters", as: world.people.admin, ["typeCode": "steam"])
            let used = try await world.delete("/meter-types/\(id)", as: world.people.director)
            #expect(used.status == 409 && used.code == "type_in_use")
            let free = try await world.post(
                "/meter-types", as: world.people.admin,
                ["condoId": .string("\(world.own.condo)"), "code": "heat", "name": "Heat", "unit": "Gcal"])
            let other = free.data["id"]?.string ?? ""
            #expect(try await world.delete("/meter-types/\(other)", as: world.people.admin).status == 204)
            let both = try await world.post(
                "/meter-types", as: world.people.admin, ["code": "x", "name": "x", "unit": "x"])
            #expect(both.status == 422 && both.refusedFields == ["condoId"])
        }
    }

    @Test func serialNumbersAreUnique() async throws {
        try await withWorld { world in
            let path = "/units/\(world.own.unit)/meters"
            let taken = try await world.post(path, as: world.people.admin, ["typeCode": "gas", "serialNumber": "SN-X"])
            #expect(taken.status == 409 && taken.code == "serial_taken")
            let unknown = try await world.post(path, as: world.people.admin, ["typeCode": "plasma"])
            #expect(unknown.status == 422 && unknown.refusedFields == ["typeCode"])
            let zoned = try await world.post(
                path, as: world.people.admin,
                ["typeCode": "electricity_day_night", "initialZoneValues": ["day": 5, "night": 6]])
            #expect(zoned.status == 201 && zoned.data["initialReading"]?.number == 11, "\(zoned.text)")
            let active = try await world.get("\(path)?isActive=true", as: world.people.resident)
            #expect(active.data.array?.count == 2)
        }
    }

    /// The type's row is locked, so that the meter is under way when the unit is to end.
    @Test func aUnitEndsWithTheMeterThatIsBeingAdded() async throws {
        try await withWorld { world in
            let (meter, deletion) = try await world.database.transaction { _ in
                _ = try await world.database.first(
                    Statement<Int>("select 1 from condo.meter_types where id = \(CondoWorld.coldWater) for update"))
                let meter = Task {
                    try await world.post(
                        "/units/\(world.own.unit)/meters", as: world.people.admin, ["typeCode": "cold_water"])
                }
                try await world.server.waitForLocks(1)
                let deletion = Task { try await world.delete("/units/\(world.own.unit)", as: world.people.admin) }
                try await world.server.waitForLocks(2)
                return (meter, deletion)
            }
            #expect(try await meter.value.status == 201)
            #expect(try await deletion.value.status == 204)
            let left = try await world.count(
                "select count(*) from condo.meters where unit_id = \(world.own.unit) and deleted_at is null")
            #expect(left == 0)
            let late = try await world.post(
                "/units/\(world.own.unit)/meters", as: world.people.admin, ["typeCode": "cold_water"])
            #expect(late.status == 404)
        }
    }
}
