import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Condominiums
@testable import Jobs

/// Scenarios 13 to 16 of spec section 8, and what must hold when months are generated at once.
@Suite struct BillingTests {
    private func read(_ world: CondoWorld, _ value: String, _ day: String) async throws -> TestAnswer {
        try await world.post(
            "/meters/\(world.own.meter)/readings", as: world.people.admin,
            ["value": .number(value), "readingDate": .string(day)])
    }

    private func price(_ world: CondoWorld) async throws {
        try await world.tariff("maintenance", .areaBased, "35")
        try await world.tariff("cold_water", .meterBased, "42.5")
        try await world.tariff("heating_base", .fixed, "1500")
    }

    private func invoice(_ world: CondoWorld, _ period: String) async throws -> JSONValue? {
        let list = try await world.get(
            "/invoices?unitId=\(world.own.unit)&period=\(period)", as: world.people.accountant)
        guard let id = list.data.array?.first(where: { $0["status"]?.string != "cancelled" })?["id"]?.string else {
            return nil
        }
        return try await world.get("/invoices/\(id)", as: world.people.accountant).data
    }

    @Test func aMonthIsChargedOnce() async throws {
        try await withWorld { world in
            try await price(world)
            _ = try await read(world, "10.5", "2026-07-20")
            let first = try await world.generate("2026-07", units: [world.own.unit])
            #expect(first.status == 202 && first.data["status"]?.string == "queued", "\(first.text)")
            let during = try await world.generate("2026-07")
            #expect(during.status == 409 && during.code == "run_in_progress")
            try await world.perform(first)
            let made = try #require(try await invoice(world, "2026-07"))
            #expect(made["total"]?.number == DecimalNumber("3696.25"))
            #expect(
                made["items"]?.array?.compactMap { $0["amount"]?.number?.description }.sorted()
                    == ["1500", "1750", "446.25"])
            #expect(made["number"]?.string?.hasPrefix("INV-") == true && made["status"]?.string == "issued")
            let again = try await world.generate("2026-07")
            #expect(again.status == 202)
            try await world.perform(again)
            let invoices = try await world.count(
                "select count(*) from invoices.invoices where debtor_id = \(world.own.unit)")
            #expect(invoices == 1)
            let run = try await world.get(
                "/condos/\(world.own.condo)/billing-runs/\(again.data["id"]?.string ?? "")",
                as: world.people.accountant).data
            #expect(run["status"]?.string == "done" && run["skipped"]?.int == 1 && run["created"]?.int == 1)
        }
    }

    /// Two instances that do the same run, and runs of one month begun at once.
    @Test func whoeverGeneratesAtOnceMakesEachInvoiceOnce() async throws {
        try await withWorld { world in
            try await price(world)
            try await world.database.write((3...20).map { world.unit(UUID.v7(), String($0), in: world.own) })
            _ = try await read(world, "10.5", "2026-07-20")
            var begun: [TestAnswer] = []
            try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                for _ in 0..<8 { group.addTask { try await world.generate("2026-07") } }
                for try await answer in group { begun.append(answer) }
            }
            #expect(begun.count { $0.status == 202 } == 1 && begun.count { $0.status == 409 } == 7)
            let run = try #require(begun.first { $0.status == 202 })
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { try await world.perform(run) } }
                try await group.waitForAll()
            }
            let invoices = try await world.count("select count(*) from invoices.invoices where period = '2026-07-01'")
            let numbers = try await world.count("select count(distinct number) from invoices.invoices")
            let charges = try await world.count("select count(*) from condo.meter_charges")
            #expect(invoices == 20 && numbers == 20 && charges == 1)
            let done = try await world.get(
                "/condos/\(world.own.condo)/billing-runs/\(run.data["id"]?.string ?? "")", as: world.people.admin).data
            #expect(done["created"]?.int == 20 && done["status"]?.string == "done", "\(done)")
            #expect(done["total"]?.number == DecimalNumber("65446.25"))
        }
    }

    /// Killed at its last attempt, a job fails without a word to its handler; the run is taken up again.
    @Test func aRunOutlivesItsProcess() async throws {
        try await withWorld { world in
            try await price(world)
            let run = try await world.generate("2026-07")
            let billing = world.module.doors.billing
            func jobs() async throws -> Int {
                try await world.count(
                    "select count(*) from jobs.jobs where name = 'condo.billing.run' and finished_at is null")
            }
            #expect(try await jobs() == 1)
            world.server.clock.advance(by: .minutes(6))
            try await billing.resume()
            #expect(try await jobs() == 1, "its job is under way")
            try await world.database.execute(
                Command(
                    "update jobs.jobs set state = 'failed', finished_at = now(), failed_reason = 'x' where finished_at is null"))
            try await billing.resume()
            #expect(try await jobs() == 1)
            try await world.perform(run)
            try await world.database.execute(
                Command("update jobs.jobs set state = 'completed', finished_at = now() where finished_at is null"))
            try await billing.resume()
            #expect(try await jobs() == 0)
        }
    }

    @Test func anEstimateIsCorrectedByTheNextReading() async throws {
        try await withWorld { world in
            try await world.tariff("cold_water", .meterBased, "10", policy: .average)
            for (month, value) in [(4, "10"), (5, "20"), (6, "30")] {
                _ = try await read(world, value, "2026-0\(month)-20")
                try await world.perform(world.generate("2026-0\(month)"))
            }
            try await world.perform(world.generate("2026-07"))
            let july = try #require(try await invoice(world, "2026-07"))
            #expect(july["items"]?[0]?["isEstimate"]?.bool == true)
            #expect(july["items"]?[0]?["quantity"]?.number == 10)
            _ = try await read(world, "55.5", "2026-08-20")
            try await world.perform(world.generate("2026-08"))
            let august = try #require(try await invoice(world, "2026-08"))
            #expect(august["items"]?[0]?["isEstimate"]?.bool == false)
            #expect(august["items"]?[0]?["quantity"]?.number == DecimalNumber("15.5"))
        }
    }

    @Test func aCancelledMonthIsMadeAnew() async throws {
        try await withWorld { world in
            try await price(world)
            let reading = try await read(world, "10.5", "2026-07-20")
            try await world.perform(world.generate("2026-07"))
            let path = "/meter-readings/\(reading.data["id"]?.string ?? "")"
            let billed = try await world.delete(path, as: world.people.admin)
            #expect(billed.status == 409 && billed.code == "reading_billed")
            #expect(try await world.patch(path, as: world.people.admin, ["value": 11]).code == "reading_billed")
            let first = try #require(try await invoice(world, "2026-07"))
            let cancelled = try await world.post(
                "/invoices/\(first["id"]?.string ?? "")/cancel", as: world.people.director, ["reason": "wrong"])
            #expect(cancelled.status == 200, "\(cancelled.text)")
            try await world.perform(world.generate("2026-07"))
            let second = try #require(try await invoice(world, "2026-07"))
            #expect(second["id"]?.string != first["id"]?.string)
            #expect(second["total"]?.number == first["total"]?.number)
        }
    }

    /// The lines of a generated month say what was charged on which meter; whoever wants others cancels and makes it anew.
    @Test func theLinesOfAGeneratedMonthStayAsTheyWere() async throws {
        try await withWorld { world in
            try await price(world)
            let reading = try await read(world, "10.5", "2026-07-20")
            try await world.perform(world.generate("2026-07"))
            let july = try #require(try await invoice(world, "2026-07"))
            let path = "/invoices/\(july["id"]?.string ?? "")"
            let lines: JSONValue = ["items": [["description": "Water", "quantity": 1, "unitPrice": .number("3696.25")]]]
            let refused = try await world.patch(path, as: world.people.accountant, lines)
            #expect(refused.status == 409 && refused.code == "lines_are_computed", "\(refused.text)")
            #expect(try await world.patch(path, as: world.people.accountant, ["notes": "soon"]).status == 200)
            let remaining = try await world.delete(
                "/meter-readings/\(reading.data["id"]?.string ?? "")", as: world.people.admin)
            #expect(remaining.code == "reading_billed")
            _ = try await read(world, "12.5", "2026-08-20")
            try await world.perform(world.generate("2026-08"))
            let august = try #require(try await invoice(world, "2026-08"))
            let water = august["items"]?.array?.first { $0["description"]?.string?.hasPrefix("cold_water") == true }
            #expect(water?["quantity"]?.number == 2, "\(august)")
        }
    }

    /// A run that ends by no try of its job is failed and not taken up again, however its last try ended.
    @Test func aRunThatCannotBeDoneFails() async throws {
        try await withWorld { world in
            try await price(world)
            let answer = try await world.generate("2026-07")
            try await world.database.execute(
                Command("update condo.condos set deleted_at = now() where id = \(world.own.condo)"))
            let workers = JobWorkers(
                world.module.jobs.filter { $0.name == "condo.billing.run" }, database: world.database,
                loops: [TestLoops.group.loops[0]], log: .silent)
            for _ in 1...4 {
                try await world.database.execute(Command("update jobs.jobs set run_at = now() where state = 'delayed'"))
                try await workers.round(isHousekeeping: true)
                await workers.idle()
            }
            #expect(try await world.count("select count(*) from condo.billing_runs where status = 'failed'") == 1, "\(answer.text)")
            #expect(try await world.count("select count(*) from jobs.jobs where name = 'condo.billing.run' and state = 'failed'") == 1)
        }
    }

    /// A replaced meter is charged up to where it was taken out, and never estimated after that.
    @Test(arguments: [true, false]) func aRetiredMeterIsChargedToItsEnd(_ isDeleted: Bool) async throws {
        try await withWorld { world in
            try await world.tariff("cold_water", .meterBased, "10", policy: .norm, norm: 3)
            _ = try await read(world, "10.5", "2026-07-20")
            let path = "/meters/\(world.own.meter)"
            let retired = isDeleted
                ? try await world.delete(path, as: world.people.admin)
                : try await world.patch(path, as: world.people.admin, ["isActive": false])
            #expect([200, 204].contains(retired.status), "\(retired.text)")
            let july = try await world.generate("2026-07")
            try await world.perform(july)
            let made = try #require(try await invoice(world, "2026-07"))
            #expect(made["items"]?.array?.compactMap { $0["quantity"]?.number?.description } == ["10.5"], "\(made)")
            try await world.perform(world.generate("2026-08"))
            #expect(try await invoice(world, "2026-08") == nil)
        }
    }

    /// The office enters the last reading when its month has been charged: the next month charges it, once.
    @Test func aLastReadingThatCameLateIsChargedWithTheNextMonth() async throws {
        try await withWorld { world in
            try await world.tariff("cold_water", .meterBased, "10", policy: .norm, norm: 3)
            try await world.tariff("lift", .fixed, "1")
            _ = try await read(world, "10.5", "2026-06-20")
            for period in ["2026-06", "2026-07"] { try await world.perform(world.generate(period)) }
            _ = try await read(world, "15.5", "2026-07-31")
            #expect(
                try await world.patch("/meters/\(world.own.meter)", as: world.people.admin, ["isActive": false]).status == 200)
            func water(_ period: String) async throws -> [String] {
                let made = try #require(try await invoice(world, period))
                return made["items"]?.array?.filter { $0["description"]?.string?.hasPrefix("cold_water") == true }
                    .compactMap { $0["quantity"]?.number?.description } ?? []
            }
            for period in ["2026-08", "2026-09"] { try await world.perform(world.generate(period)) }
            #expect(try await water("2026-06") == ["10.5"])
            #expect(try await water("2026-07") == ["3"], "an estimate")
            #expect(try await water("2026-08") == ["2"], "what the estimate left")
            #expect(try await water("2026-09") == [])
        }
    }

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

    /// A dry run says what the run would, for the same units and with the same problems.
    @Test func aDryRunIsTheRunWithoutItsTraces() async throws {
        try await withWorld { world in
            try await price(world)
            _ = try await read(world, "10.5", "2026-07-20")
            func dry(_ units: [UUID]?) async throws -> TestAnswer {
                var body: [(name: String, value: JSONValue)] = [
                    ("condoId", .string("\(world.own.condo)")), ("period", "2026-07"), ("dryRun", true),
                ]
                if let units { body.append(("unitIds", .array(units.map { .string("\($0)") }))) }
                return try await world.post("/invoices/generate", as: world.people.accountant, .object(body))
            }
            let all = try await dry(nil)
            #expect(all.data["debtors"]?.int == 2 && all.data["total"]?.number == DecimalNumber("6946.25"), "\(all.text)")
            let one = try await dry([world.own.neighbour])
            #expect(one.data["debtors"]?.int == 1 && one.data["total"]?.number == 3250, "\(one.text)")
            try await world.database.execute(
                Command("update condo.units set area = 99999999 where id = \(world.own.neighbour)"))
            for number in 1...10 { try await world.tariff("dear_\(number)", .areaBased, "99999999") }
            let large = try await dry([world.own.neighbour])
            #expect(large.status == 202 && large.data["total"]?.number == 0, "\(large.text)")
            #expect(large.data["problems"]?[0]?["code"]?.string == "amount_too_large")
            #expect(try await world.count("select count(*) from condo.billing_runs") == 0)
        }
    }

    @Test func unitsOfAnotherCondoAreNotChargedHere() async throws {
        try await withWorld { world in
            try await price(world)
            for stranger in [world.other.unit, UUID.v7()] {
                let refused = try await world.generate("2026-07", units: [world.own.unit, stranger])
                #expect(refused.status == 422 && refused.refusedFields == ["unitIds[1]"], "\(refused.text)")
            }
            #expect(try await world.generate("2026-07", units: [world.own.unit, world.own.unit]).status == 202)
        }
    }

    @Test func monthsStayInTheirBounds() async throws {
        try await withWorld { world in
            for period in ["2020-01", "2999-01"] {
                let answer = try await world.generate(period)
                #expect(answer.status == 422 && answer.refusedFields == ["period"], "\(answer.text)")
            }
            _ = try await world.patch("/condos/\(world.own.condo)", as: world.people.admin, ["isActive": false])
            #expect(try await world.generate("2026-07").code == "condo_inactive")
        }
    }

    @Test func chargedTariffsKeepTheirPrice() async throws {
        try await withWorld { world in
            try await price(world)
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
            try await price(world)
            _ = try await read(world, "10.5", "2026-07-20")
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
            let invoice = try #require(try await invoice(world, "2026-07")?["id"]?.string)
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

    @Test func theSchedulerBillsEachCondoOnce() async throws {
        try await withWorld { world in
            try await world.module.doors.billing.beginDue()
            try await world.module.doors.billing.beginDue()
            let runs = try await world.count("select count(*) from condo.billing_runs where started_by is null")
            #expect(runs == 2)
        }
    }

    /// Everybody concerned hears of an invoice, in his own language, and nobody else.
    @Test func residentsAreTold() async throws {
        try await withWorld { world in
            try await price(world)
            try await world.database.execute(
                Command("update identity.users set locale = 'en' where id = \(world.people.resident)"))
            try await world.perform(world.generate("2026-07"))
            let outbox = Outbox(database: world.database, log: .silent)
            _ = try await outbox.dispatch(to: world.module.eventHandlers)
            let own = world.letters.notices.filter { $0.userID == world.people.resident }
            #expect(own.map(\.occasion) == [.issued])
            #expect(own.first?.subject.hasPrefix("Invoice INV-") == true)
            #expect(own.first?.body.contains("3250.00 RUB") == true)
            #expect(Set(world.letters.notices.map(\.userID)) == [world.people.resident, world.people.neighbour])
        }
    }
}
