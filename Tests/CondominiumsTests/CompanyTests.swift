import Invoices
import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Condominiums

/// Scenarios 1 and 2 of spec section 8.
@Suite struct CompanyTests {
    @Test func aCompanyComesWithItsDirector() async throws {
        try await withWorld { world in
            let made = try await world.post(
                "/companies", as: world.people.root,
                ["name": "Nova", "directorEmail": "nova@example.com", "directorName": "Nora Nova", "currency": "EUR"])
            #expect(made.status == 201)
            let grants = try await world.count(
                """
                select count(*) from identity.grants g join identity.users u on u.id = g.user_id
                where u.email = 'nova@example.com' and g.role = 'director' and g.scope_type = 'company'
                  and g.scope_id::text = \(made.data["id"]?.string ?? "")
                """)
            #expect(grants == 1)
            let again = try await world.post("/companies", as: world.people.root, ["name": "nova"])
            #expect(again.status == 409 && again.code == "company_exists")
            let forbidden = try await world.post("/companies", as: world.people.director, ["name": "Mine"])
            #expect(forbidden.status == 403)
        }
    }

    @Test func badInputIsNamed() async throws {
        try await withWorld { world in
            let answer = try await world.post(
                "/companies", as: world.people.root,
                [
                    "name": "A", "currency": "XXX", "meterReminderDays": [31], "commissionPercent": 101,
                    "email": "nobody", "colour": "red",
                ])
            #expect(answer.status == 422)
            #expect(
                Set(answer.refusedFields)
                    == ["currency", "meterReminderDays[0]", "commissionPercent", "email", "colour"])
            let zone = try await world.post(
                "/companies", as: world.people.root, ["name": "A", "timezone": "Mars/Olympus"])
            #expect(zone.status == 422 && zone.refusedFields == ["timezone"])
        }
    }

    @Test func whatACallerMayNotReadIsAbsent() async throws {
        try await withWorld { world in
            let path = "/companies/\(world.own.company)"
            let director = try await world.get(path, as: world.people.director).data
            #expect(director["bankAccount"]?.string == "40702810")
            #expect(director["pricePerUnit"]?.number == 0)
            let admin = try await world.get(path, as: world.people.admin).data
            #expect(admin["bankAccount"] == nil && admin["pricePerUnit"] == nil && admin["directorEmail"] != nil)
            let resident = try await world.get(path, as: world.people.resident).data
            #expect(resident["bankAccount"] == nil && resident["directorEmail"] == nil && resident["isBlocked"]?.bool == false)
            #expect(resident["name"]?.string == "Company X")
        }
    }

    @Test func listsShowTheCallersOwn() async throws {
        try await withWorld { world in
            for (user, count) in [
                (world.people.root, 2), (world.people.director, 1), (world.people.otherDirector, 1),
                (world.people.resident, 1), (world.people.stranger, 0),
            ] {
                for list in ["/condos", "/companies"] {
                    let answer = try await world.get(list, as: user)
                    #expect(answer.status == 200 && answer.meta["total"]?.int == count, "\(list) \(answer.text)")
                    #expect(answer.data.array?.count == count)
                }
            }
            let beyond = try await world.get("/condos?page=3", as: world.people.root)
            #expect(beyond.meta["total"]?.int == 2 && beyond.data.array?.isEmpty == true)
        }
    }

    @Test func aCompanyWithOpenInvoicesStays() async throws {
        try await withWorld { world in
            try await world.tariff("maintenance", .areaBased, "35")
            try await world.perform(world.generate("2026-07"))
            let refused = try await world.delete("/companies/\(world.own.company)", as: world.people.root)
            #expect(refused.status == 409 && refused.code == "open_invoices")
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.resident).status == 200)
        }
    }

    /// Tariffs name currency and type as they are: under another they would charge nothing, in silence.
    @Test func whatTariffsNameStaysAsItIs() async throws {
        try await withWorld { world in
            let path = "/companies/\(world.own.company)"
            #expect(try await world.patch(path, as: world.people.director, ["currency": "EUR"]).status == 200)
            #expect(try await world.patch(path, as: world.people.director, ["currency": "RUB"]).status == 200)
            let types = "/condos/\(world.own.condo)/unit-types"
            let made = try await world.post(types, as: world.people.admin, ["code": "attic", "name": "Attic"])
            let type = types + "/" + (made.data["id"]?.string ?? "")
            #expect(try await world.patch(type, as: world.people.admin, ["code": "loft"]).status == 200)
            let tariff = try await world.post(
                "/tariffs", as: world.people.admin,
                [
                    "condoId": .string("\(world.own.condo)"), "kind": "fixed", "code": "lift", "name": "Lift", "price": 10,
                    "validFrom": "2026-01-01", "unitTypeCode": "loft",
                ])
            let id = tariff.data["id"]?.string ?? ""
            let currency = try await world.patch(path, as: world.people.director, ["currency": "EUR"])
            #expect(currency.status == 409 && currency.code == "currency_in_use", "\(currency.text)")
            let code = try await world.patch(type, as: world.people.admin, ["code": "attic"])
            #expect(code.status == 409 && code.code == "type_in_use", "\(code.text)")
            #expect(try await world.patch(type, as: world.people.admin, ["name": "Loft"]).status == 200)
            #expect(try await world.patch(path, as: world.people.director, ["city": "Varna", "currency": "RUB"]).status == 200)
            #expect(try await world.delete("/tariffs/\(id)", as: world.people.admin).status == 204)
            #expect(try await world.patch(type, as: world.people.admin, ["code": "attic"]).status == 200)
            #expect(try await world.patch(path, as: world.people.director, ["currency": "EUR"]).status == 200)
        }
    }

    /// A tariff that was off while the company changed its currency stays off: it would charge nothing, in silence.
    @Test func aTariffOfAFormerCurrencyIsNotSwitchedOnAgain() async throws {
        try await withWorld { world in
            let company = "/companies/\(world.own.company)"
            let tariff = try await world.post(
                "/tariffs", as: world.people.admin,
                [
                    "condoId": .string("\(world.own.condo)"), "kind": "fixed", "code": "lift", "name": "Lift", "price": 10,
                    "validFrom": "2026-01-01",
                ])
            let id = tariff.data["id"]?.string ?? ""
            let path = "/tariffs/\(id)"
            #expect(try await world.patch(path, as: world.people.admin, ["isActive": false]).status == 200)
            #expect(try await world.patch(company, as: world.people.director, ["currency": "EUR"]).status == 200)
            let on = try await world.patch(path, as: world.people.admin, ["isActive": true])
            #expect(on.status == 409 && on.code == "tariff_currency_left", "\(on.text)")
            #expect(try await world.patch(path, as: world.people.admin, ["name": "Old lift"]).status == 200)
            // One that has ended is not in the way of the currency, and is not brought back either.
            try await world.database.execute(
                Command("update condo.tariffs set is_active = true, valid_to = '2026-02-28' where id = \(UUID(id))"))
            let longer = try await world.patch(path, as: world.people.admin, ["validTo": .null])
            #expect(longer.code == "tariff_currency_left", "\(longer.text)")
            let revised = try await world.post(
                "/tariffs/revise", as: world.people.admin,
                [
                    "condoId": .string("\(world.own.condo)"), "validFrom": "2026-02-10",
                    "items": [["tariffId": .string(id), "price": 12]],
                ])
            #expect(revised.code == "tariff_currency_left", "\(revised.text)")
            #expect(try await world.patch(company, as: world.people.director, ["currency": "RUB"]).status == 200)
            #expect(try await world.patch(path, as: world.people.admin, ["validTo": .null]).status == 200)
        }
    }

    /// Whoever switches a tariff on, whoever writes an invoice by hand and whoever changes the currency, all at once.
    @Test func whatIsChargedAndItsCurrencyMeet() async throws {
        try await withWorld { world in
            let tariff = try await world.post(
                "/tariffs", as: world.people.admin,
                [
                    "condoId": .string("\(world.own.condo)"), "kind": "fixed", "code": "lift", "name": "Lift", "price": 10,
                    "validFrom": "2026-01-01", "isActive": false,
                ])
            let path = "/tariffs/\(tariff.data["id"]?.string ?? "")"
            for number in 1...10 {
                let currency = number.isMultiple(of: 2) ? "RUB" : "EUR"
                async let change = world.patch(
                    "/companies/\(world.own.company)", as: world.people.director, ["currency": .string(currency)])
                async let on = world.patch(path, as: world.people.admin, ["isActive": true])
                async let invoice = world.post(
                    "/invoices", as: world.people.accountant,
                    [
                        "kind": "unit_manual", "debtorId": .string("\(world.own.unit)"),
                        "items": [["description": "Key", "quantity": 1, "unitPrice": 5]],
                    ])
                let answers = try await [change, on, invoice]
                #expect(answers.allSatisfy { [200, 201, 409].contains($0.status) }, "\(answers.map(\.text))")
                let astray = try await world.count(
                    """
                    select count(*) from condo.companies c where c.id = \(world.own.company) and (
                      exists (select from condo.tariffs t join condo.condos k on k.id = t.condo_id
                        where k.company_id = c.id and t.is_active and t.currency <> c.currency)
                      or exists (select from invoices.invoices i where i.issuer_id = c.id and i.currency <> c.currency))
                    """)
                #expect(astray == 0)
                try await world.database.execute(Command("update condo.tariffs set is_active = false where condo_id is not null"))
                try await world.database.execute(Command("delete from invoices.invoices"))
            }
        }
    }

    /// Whoever prices and whoever changes the currency at once: one of them hears of the other.
    @Test func aTariffAndItsCurrencyMeet() async throws {
        try await withWorld { world in
            for number in 1...10 {
                let currency = number.isMultiple(of: 2) ? "RUB" : "EUR"
                async let change = world.patch(
                    "/companies/\(world.own.company)", as: world.people.director, ["currency": .string(currency)])
                async let tariff = world.post(
                    "/tariffs", as: world.people.admin,
                    [
                        "condoId": .string("\(world.own.condo)"), "kind": "fixed", "code": .string("lift_\(number)"),
                        "name": "Lift", "price": 10, "validFrom": "2026-01-01",
                    ])
                let answers = try await [change, tariff]
                #expect([200, 409].contains(answers[0].status) && answers[1].status == 201, "\(answers.map(\.text))")
                let astray = try await world.count(
                    """
                    select count(*) from condo.tariffs t join condo.condos k on k.id = t.condo_id
                    join condo.companies c on c.id = k.company_id where t.currency <> c.currency and t.deleted_at is null
                    """)
                #expect(astray == 0)
                try await world.database.execute(Command("update condo.tariffs set deleted_at = now() where condo_id is not null"))
            }
        }
    }

    @Test func anOpenInvoiceKeepsTheCurrency() async throws {
        try await withWorld { world in
            try await world.tariff("maintenance", .areaBased, "35")
            try await world.perform(world.generate("2026-07"))
            try await world.database.execute(Command("update condo.tariffs set is_active = false"))
            let path = "/companies/\(world.own.company)"
            #expect(try await world.patch(path, as: world.people.director, ["currency": "EUR"]).code == "currency_in_use")
        }
    }

    @Test func whatStandsBelowGoesWithACompany() async throws {
        try await withWorld { world in
            #expect(try await world.delete("/companies/\(world.own.company)", as: world.people.root).status == 204)
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.root).status == 404)
            #expect(try await world.get("/condos/\(world.own.condo)", as: world.people.root).status == 404)
            #expect(try await world.get("/condos", as: world.people.director).meta["total"]?.int == 0)
            let live = try await world.count("select count(*) from condo.residents where condo_id = \(world.own.condo) and is_active")
            #expect(live == 0)
            let grants = try await world.count(
                """
                select count(*) from identity.grants where revoked_at is null
                  and scope_id = any(\([world.own.company, world.own.condo, world.own.unit, world.own.neighbour]))
                """)
            #expect(grants == 0)
        }
    }

    @Test func aBlockedCompanyIsShut() async throws {
        try await withWorld { world in
            let path = "/companies/\(world.own.company)"
            #expect(try await world.post(path + "/block", as: world.people.director, ["reason": "x"]).status == 403)
            let invite = try await world.post(
                "/invites", as: world.people.admin, ["unitId": .string("\(world.own.unit)")])
            let token = try #require(invite.data["token"]?.string)
            let own = try await world.get("/residents/my-units", as: world.people.resident)
            let row = try #require(own.data[0]?["residentId"]?.string)
            let blocked = try await world.post(path + "/block", as: world.people.finance, ["reason": "unpaid"])
            #expect(blocked.status == 200 && blocked.data["isBlocked"]?.bool == true, "\(blocked.text)")
            let again = try await world.post(path + "/block", as: world.people.root, ["reason": "unpaid"])
            #expect(again.status == 409 && again.code == "invalid_transition")
            try await world.identity.gates.reload()
            for user in [world.people.director, world.people.resident] {
                let unit = try await world.get("/units/\(world.own.unit)", as: user)
                #expect(unit.status == 403 && unit.code == "company_blocked", "\(unit.text)")
                let reading = try await world.post("/meters/\(world.own.meter)/readings", as: user, ["value": 5])
                #expect(reading.status == 403, "\(reading.text)")
            }
            #expect(try await world.count("select count(*) from condo.meter_readings") == 0)
            // Those whose grants are on a condo or a unit of it read no list either.
            for user in [world.people.director, world.people.admin, world.people.resident] {
                for list in ["/condos", "/units", "/meter-readings", "/units/search?q=1"] {
                    let answer = try await world.get(list, as: user)
                    #expect(answer.status == 403 && answer.code == "company_blocked", "\(list) \(answer.text)")
                }
            }
            let residents = try await world.get("/residents", as: world.people.admin)
            #expect(residents.status == 403 && residents.code == "company_blocked")
            // One's own rows there are shut, too, and nobody becomes a resident.
            for refused in [
                try await world.get("/residents/my-units", as: world.people.resident),
                try await world.get("/residents/\(row)", as: world.people.resident),
                try await world.post("/invites/accept/\(token)", as: world.people.stranger),
            ] { #expect(refused.status == 403 && refused.code == "company_blocked", "\(refused.text)") }
            try await world.house(world.people.resident, in: world.other.unit)
            let homes = try await world.get("/residents/my-units", as: world.people.resident)
            #expect(homes.data.array?.map { $0["company"]?["id"]?.string } == [world.other.company.description])
            // Whoever works elsewhere, too, goes on there.
            try await world.give(world.people.admin, "condo_admin", Scope(.condo, world.other.condo))
            let condos = try await world.get("/condos", as: world.people.admin)
            #expect(condos.data.array?.map { $0["id"]?.string } == [world.other.condo.description])
            let condo = try await world.get("/condos/\(world.own.condo)", as: world.people.admin)
            #expect(condo.status == 403 && condo.code == "company_blocked")
            #expect(try await world.get("/units", as: world.people.finance).status == 200)
            #expect(try await world.get(path, as: world.people.director).status == 200)
            #expect(try await world.get("/units/\(world.own.unit)/invoices", as: world.people.resident).status == 200)
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.root).status == 200)
            #expect(try await world.post(path + "/unblock", as: world.people.finance).status == 200)
            try await world.identity.gates.reload()
            #expect(try await world.get("/units/\(world.own.unit)", as: world.people.resident).status == 200)
            #expect(try await world.post("/invites/accept/\(token)", as: world.people.stranger).status == 201)
        }
    }

    /// Its own bill is all that the office of a blocked company reads; its residents read theirs.
    @Test func aBlockedCompanyIsShutInSharedModulesToo() async throws {
        try await withWorld { world in
            try await world.tariff("maintenance", .areaBased, "35")
            try await world.perform(world.generate("2026-07"))
            let bill = try await Self.bill(world)
            let home = try await world.get("/invoices?unitId=\(world.own.unit)", as: world.people.director)
            let invoice = try #require(home.data[0]?["id"]?.string, "\(home.text)")
            _ = try await world.post("/companies/\(world.own.company)/block", as: world.people.finance, ["reason": "unpaid"])
            try await world.identity.gates.reload()
            for user in [world.people.director, world.people.accountant, world.people.admin] {
                for path in ["/invoices/\(invoice)", "/units/\(world.own.unit)/invoices"] {
                    let answer = try await world.get(path, as: user)
                    #expect(answer.status == 403 && answer.code == "company_blocked", "\(path) \(answer.text)")
                }
            }
            for (user, path) in [(world.people.admin, "/invoices"), (world.people.director, "/users")] {
                let list = try await world.get(path, as: user)
                #expect(list.status == 403 && list.code == "company_blocked", "\(path) \(list.text)")
            }
            for user in [world.people.director, world.people.accountant] {
                let owed = try await world.get("/invoices", as: user)
                #expect(owed.data.array?.map { $0["id"]?.string } == [bill.description], "\(owed.text)")
                #expect(try await world.get("/invoices/\(bill)", as: user).status == 200)
            }
            for path in ["/invoices", "/units/\(world.own.unit)/invoices"] {
                let own = try await world.get(path, as: world.people.resident)
                #expect(own.data.array?.map { $0["id"]?.string } == [invoice], "\(path) \(own.text)")
            }
            #expect(try await world.get("/invoices/\(invoice)", as: world.people.resident).status == 200)
            #expect(try await world.get("/invoices", as: world.people.finance).meta["total"]?.int == 3)
            #expect(try await world.get("/invoices/\(invoice)", as: world.people.finance).status == 200)
            // An administrator who lives somewhere, too, is shown what he owes there.
            try await world.house(world.people.admin, in: world.other.unit)
            let both = try await world.get("/invoices", as: world.people.admin)
            #expect(both.status == 200 && both.meta["total"]?.int == 0, "\(both.text)")
        }
    }

    /// What the platform asks of the company.
    private static func bill(_ world: CondoWorld) async throws -> ID<Invoice> {
        let company = Scope(.company, world.own.company)
        let bill = NewInvoice(
            kind: "company_platform", parties: InvoiceParties(issuer: .platform, debtor: company, scope: company),
            period: Period("2026-07"), currency: .eur, timeZone: "UTC",
            items: [NewInvoiceItem(description: "Service", quantity: 40, unitPrice: 1)])
        let invoices = Invoices(
            database: world.database, events: Outbox(database: world.database, log: .silent),
            kinds: InvoiceKinds(world.module.doors.invoiceKinds), clock: world.server.clock.clock)
        return try #require(try await invoices.createIssued(bill)).id
    }
}
