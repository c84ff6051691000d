import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Condominiums
@testable import Jobs

/// What a month is charged by, and how it is changed once months have been charged.
@Suite struct TariffTests {
    @Test func defaultsApplyWhereTheCondoNamesNoPrice() async throws {
        try await withWorld { world in
            _ = try await world.patch(
                "/condos/\(world.own.condo)", as: world.people.admin, ["useDefaultTariffs": true])
            try await world.tariff("heating_base", .fixed, "100")
            let preview = try await world.get(
                "/tariffs/preview?condoId=\(world.own.condo)&period=2026-07", as: world.people.accountant).data
            // Two units: 50 m² × 35 and the condo's own 100; a meter without norm is reported.
            #expect(preview["units"]?.int == 2 && preview["total"]?.number == 3700, "\(preview)")
            #expect(preview["problems"]?[0]?["code"]?.string == "no_reading")
            let stored = try await world.count("select count(*) from invoices.invoices")
            #expect(stored == 0)
            let list = try await world.get("/tariffs?condoId=\(world.own.condo)", as: world.people.resident).data
            #expect(list.array?.count { $0["isDefault"]?.bool == true } == 6)
        }
    }

    @Test func chargedTariffsKeepTheirPrice() async throws {
        try await withWorld { world in
            try await world.price()
            try await world.perform(world.generate("2026-07"))
            let list = try await world.get("/tariffs?condoId=\(world.own.condo)", as: world.people.admin).data
            let id = try #require(list.array?.first { $0["code"]?.string == "maintenance" }?["id"]?.string)
            let changed = try await world.patch("/tariffs/\(id)", as: world.people.admin, ["price": 40])
            #expect(changed.status == 409 && changed.code == "tariff_in_use")
            #expect(try await world.patch("/tariffs/\(id)", as: world.people.admin, ["name": "Upkeep"]).status == 200)
            let revised = try await world.post(
                "/tariffs/revise", as: world.people.admin,
                [
                    "condoId": .string("\(world.own.condo)"), "validFrom": "2026-09-01",
                    "items": [["tariffId": .string(id), "price": .number("40.5")]],
                ])
            #expect(revised.status == 200 && revised.data[0]?["price"]?.number == DecimalNumber("40.5"), "\(revised.text)")
            let august = try await world.get(
                "/tariffs?condoId=\(world.own.condo)&on=2026-08-31", as: world.people.admin).data
            #expect(august.array?.first { $0["id"]?.string == id }?["validTo"]?.string == "2026-08-31")
            let overlap = try await world.post(
                "/tariffs", as: world.people.admin,
                [
                    "condoId": .string("\(world.own.condo)"), "kind": "area_based", "code": "maintenance",
                    "name": "Again", "price": 1, "validFrom": "2026-08-31",
                ])
            #expect(overlap.status == 409 && overlap.code == "tariff_overlap")
            #expect(try await world.delete("/tariffs/\(id)", as: world.people.admin).code == "tariff_in_use")
            let fresh = revised.data[0]?["id"]?.string ?? ""
            #expect(try await world.delete("/tariffs/\(fresh)", as: world.people.admin).status == 204)
            let foreign = try await world.post(
                "/tariffs/revise", as: world.people.admin,
                [
                    "condoId": .string("\(world.own.condo)"), "validFrom": "2026-09-01",
                    "items": [["tariffId": .string("\(UUID.v7())"), "price": 1]],
                ])
            #expect(foreign.status == 422 && foreign.refusedFields == ["items[0].tariffId"])
        }
    }

    /// A month is priced on its last day: whoever is billed for it again pays what his neighbours were charged.
    @Test func aRevisionLeavesBilledMonths() async throws {
        try await withWorld { world in
            try await world.price()
            _ = try await world.readOwn("10.5", "2026-07-20")
            try await world.perform(world.generate("2026-07"))
            let list = try await world.get("/tariffs?condoId=\(world.own.condo)", as: world.people.admin).data
            @Sendable func revise(_ code: String, from day: String) async throws -> TestAnswer {
                let id = list.array?.first { $0["code"]?.string == code }?["id"]?.string ?? ""
                return try await world.post(
                    "/tariffs/revise", as: world.people.admin,
                    [
                        "condoId": .string("\(world.own.condo)"), "validFrom": .string(day),
                        "items": [["tariffId": .string(id), "price": 1600]],
                    ])
            }
            for code in ["maintenance", "cold_water", "heating_base"] {
                for day in ["2026-06-15", "2026-07-01", "2026-07-31"] {
                    let refused = try await revise(code, from: day)
                    #expect(refused.status == 409 && refused.code == "tariff_in_use", "\(code) \(day) \(refused.text)")
                    #expect(refused.refusedFields == ["items[0].tariffId"])
                }
            }
            #expect(try await revise("heating_base", from: "2026-08-01").status == 200)
            // What was cancelled no longer counts: water was charged to this unit alone.
            let invoice = try #require(try await world.invoice(of: "2026-07")?["id"]?.string)
            let cancelled = try await world.post(
                "/invoices/\(invoice)/cancel", as: world.people.director, ["reason": "wrong"])
            #expect(cancelled.status == 200, "\(cancelled.text)")
            #expect(try await revise("maintenance", from: "2026-07-15").code == "tariff_in_use")
            #expect(try await revise("cold_water", from: "2026-07-15").status == 200)
        }
    }

    @Test func aTariffIsForWhatThereIs() async throws {
        try await withWorld { world in
            let cases: [([String: String], String?)] = [
                (["kind": "meter_based", "meterTypeCode": "plutonium"], "meterTypeCode"),
                (["kind": "meter_based", "meterTypeCode": "plutonium", "zone": "day"], "meterTypeCode"),
                (["kind": "meter_based", "meterTypeCode": "electricity_day_night", "zone": "noon"], "zone"),
                (["kind": "meter_based", "meterTypeCode": "cold_water", "zone": "day"], "zone"),
                (["kind": "fixed", "unitTypeCode": "castle"], "unitTypeCode"),
                (["kind": "meter_based", "meterTypeCode": "electricity_day_night", "zone": "night"], nil),
                (["kind": "meter_based", "meterTypeCode": "steam"], nil),
                (["kind": "fixed", "unitTypeCode": "loft"], nil),
            ]
            for (number, (members, field)) in cases.enumerated() {
                if number == 6 {
                    let type = try await world.post(
                        "/meter-types", as: world.people.director,
                        ["companyId": .string("\(world.own.company)"), "code": "steam", "name": "Steam", "unit": "t"])
                    let loft = try await world.post(
                        "/condos/\(world.own.condo)/unit-types", as: world.people.admin, ["code": "loft", "name": "Loft"])
                    #expect(type.status == 201 && loft.status == 201)
                }
                let body: [(name: String, value: JSONValue)] = [
                    ("code", .string("t_\(number)")), ("name", "T"), ("price", 1), ("validFrom", "2026-06-01"),
                ] + members.map { ($0.key, .string($0.value)) }
                let answer = try await world.post(
                    "/tariffs", as: world.people.admin, .object([("condoId", .string("\(world.own.condo)"))] + body))
                #expect(answer.status == (field == nil ? 201 : 422), "\(members) \(answer.text)")
                #expect(answer.refusedFields == (field.map { [$0] } ?? []))
                // A default serves every company: it names the system's types only.
                let known = field == nil && number < 6
                let standard = try await world.post("/tariffs", as: world.people.root, .object(body))
                #expect(standard.status == (known ? 201 : 422), "\(members) \(standard.text)")
            }
        }
    }
}
