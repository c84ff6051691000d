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
    @Test func aMonthIsChargedOnce() async throws {
        try await withWorld { world in
            try await world.price()
            _ = try await world.readOwn("10.5", "2026-07-20")
            let first = try await world.generate("2026-07", units: [world.own.unit])
            #expect(first.status == 202 && first.data["status"]?.string == "queued", "\(first.text)")
            let during = try await world.generate("2026-07")
            #expect(during.status == 409 && during.code == "run_in_progress")
            try await world.perform(first)
            let made = try #require(try await world.invoice(of: "2026-07"))
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

    /// Whoever shows an invoice need not ask who its parties are.
    @Test func partiesAreNamed() async throws {
        try await withWorld { world in
            try await world.price()
            try await world.perform(world.generate("2026-06", units: [world.own.unit]))
            try await world.perform(world.generate("2026-07", units: [world.own.unit]))
            let line: JSONValue = ["description": "Lamp", "quantity": 1, "unitPrice": 5]
            let written = try await world.post("/invoices", as: world.people.accountant, [
                "kind": "unit_manual", "debtorId": .string("\(world.own.unit)"), "items": [line], "issue": true,
                "dueOn": .string("\(world.server.clock.clock.now().day.adding(days: 300))"),
            ])
            #expect(written.status == 201, "\(written.text)")
            let monthly = try #require(try await world.invoice(of: "2026-07"))
            for invoice in [monthly, written.data] {
                #expect(invoice["issuer"]?["name"] == "Company X" && invoice["issuer"]?["id"] == .string("\(world.own.company)"))
                #expect(invoice["debtor"]?["name"] == "1" && invoice["scope"]?["name"] == "Condo X", "\(invoice)")
            }
            let path = "/units/\(world.own.unit)/invoices"
            for sort in ["dueDate", "dueOn"] {
                let first = try await world.get("\(path)?sort=\(sort)", as: world.people.resident).data[0]
                #expect(first?["period"] == "2026-06" && first?["debtor"]?["name"] == "1", "\(sort): \(first ?? .null)")
                let last = try await world.get("\(path)?sort=-\(sort)", as: world.people.resident).data[0]
                #expect(last?["id"] == written.data["id"])
            }
        }
    }

    /// Two instances that do the same run, and runs of one month begun at once.
    @Test func whoeverGeneratesAtOnceMakesEachInvoiceOnce() async throws {
        try await withWorld { world in
            try await world.price()
            try await world.database.write((3...20).map { world.unit(UUID.v7(), String($0), in: world.own) })
            _ = try await world.readOwn("10.5", "2026-07-20")
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
            try await world.price()
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
                _ = try await world.readOwn(value, "2026-0\(month)-20")
                try await world.perform(world.generate("2026-0\(month)"))
            }
            try await world.perform(world.generate("2026-07"))
            let july = try #require(try await world.invoice(of: "2026-07"))
            #expect(july["items"]?[0]?["isEstimate"]?.bool == true)
            #expect(july["items"]?[0]?["quantity"]?.number == 10)
            _ = try await world.readOwn("55.5", "2026-08-20")
            try await world.perform(world.generate("2026-08"))
            let august = try #require(try await world.invoice(of: "2026-08"))
            #expect(august["items"]?[0]?["isEstimate"]?.bool == false)
            #expect(august["items"]?[0]?["quantity"]?.number == DecimalNumber("15.5"))
        }
    }

    @Test func aCancelledMonthIsMadeAnew() async throws {
        try await withWorld { world in
            try await world.price()
            let reading = try await world.readOwn("10.5", "2026-07-20")
            try await world.perform(world.generate("2026-07"))
            let path = "/meter-readings/\(reading.data["id"]?.string ?? "")"
            let billed = try await world.delete(path, as: world.people.admin)
            #expect(billed.status == 409 && billed.code == "reading_billed")
            #expect(try await world.patch(path, as: world.people.admin, ["value": 11]).code == "reading_billed")
            let first = try #require(try await world.invoice(of: "2026-07"))
            let cancelled = try await world.post(
                "/invoices/\(first["id"]?.string ?? "")/cancel", as: world.people.director, ["reason": "wrong"])
            #expect(cancelled.status == 200, "\(cancelled.text)")
            try await world.perform(world.generate("2026-07"))
            let second = try #require(try await world.invoice(of: "2026-07"))
            #expect(second["id"]?.string != first["id"]?.string)
            #expect(second["total"]?.number == first["total"]?.number)
        }
    }

    /// The lines of a generated month say what was charged on which meter; whoever wants others cancels and makes it anew.
    @Test func theLinesOfAGeneratedMonthStayAsTheyWere() async throws {
        try await withWorld { world in
            try await world.price()
            let reading = try await world.readOwn("10.5", "2026-07-20")
            try await world.perform(world.generate("2026-07"))
            let july = try #require(try await world.invoice(of: "2026-07"))
            let path = "/invoices/\(july["id"]?.string ?? "")"
            let lines: JSONValue = ["items": [["description": "Water", "quantity": 1, "unitPrice": .number("3696.25")]]]
            let refused = try await world.patch(path, as: world.people.accountant, lines)
            #expect(refused.status == 409 && refused.code == "lines_are_computed", "\(refused.text)")
            #expect(try await world.patch(path, as: world.people.accountant, ["notes": "soon"]).status == 200)
            let remaining = try await world.delete(
                "/meter-readings/\(reading.data["id"]?.string ?? "")", as: world.people.admin)
            #expect(remaining.code == "reading_billed")
            _ = try await world.readOwn("12.5", "2026-08-20")
            try await world.perform(world.generate("2026-08"))
            let august = try #require(try await world.invoice(of: "2026-08"))
            let water = august["items"]?.array?.first { $0["description"]?.string?.hasPrefix("cold_water") == true }
            #expect(water?["quantity"]?.number == 2, "\(august)")
        }
    }

    /// A run that ends by no try of its job is failed and not taken up again, however its last try ended.
    @Test func aRunThatCannotBeDoneFails() async throws {
        try await withWorld { world in
            try await world.price()
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
            _ = try await world.readOwn("10.5", "2026-07-20")
            let path = "/meters/\(world.own.meter)"
            let retired = isDeleted
                ? try await world.delete(path, as: world.people.admin)
                : try await world.patch(path, as: world.people.admin, ["isActive": false])
            #expect([200, 204].contains(retired.status), "\(retired.text)")
            let july = try await world.generate("2026-07")
            try await world.perform(july)
            let made = try #require(try await world.invoice(of: "2026-07"))
            #expect(made["items"]?.array?.compactMap { $0["quantity"]?.number?.description } == ["10.5"], "\(made)")
            try await world.perform(world.generate("2026-08"))
            #expect(try await world.invoice(of: "2026-08") == nil)
        }
    }

    /// The office enters the last reading when its month has been charged: the next month charges it, once.
    @Test func aLastReadingThatCameLateIsChargedWithTheNextMonth() async throws {
        try await withWorld { world in
            try await world.tariff("cold_water", .meterBased, "10", policy: .norm, norm: 3)
            try await world.tariff("lift", .fixed, "1")
            _ = try await world.readOwn("10.5", "2026-06-20")
            for period in ["2026-06", "2026-07"] { try await world.perform(world.generate(period)) }
            _ = try await world.readOwn("15.5", "2026-07-31")
            #expect(
                try await world.patch("/meters/\(world.own.meter)", as: world.people.admin, ["isActive": false]).status == 200)
            func water(_ period: String) async throws -> [String] {
                let made = try #require(try await world.invoice(of: period))
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

    /// A dry run says what the run would, for the same units and with the same problems.
    @Test func aDryRunIsTheRunWithoutItsTraces() async throws {
        try await withWorld { world in
            try await world.price()
            _ = try await world.readOwn("10.5", "2026-07-20")
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
            try await world.price()
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
            try await world.price()
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
