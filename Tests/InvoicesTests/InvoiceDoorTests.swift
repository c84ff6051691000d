import Postgres
import Service
import Support
import Testing
import Values

@testable import Invoices

@Suite struct InvoiceDoorTests {
    let world = InvoiceWorld()

    @Test func everyStatementFitsTheDatabase() async throws {
        try await withDatabase { database in
            let mismatches = try await StatementCheck.verify(InvoicesModule.statements, on: database)
            for mismatch in mismatches { Issue.record("\(mismatch)") }
        }
    }

    /// However much there is, a page of everything is read from an index in its order.
    @Test(arguments: [("createdAt", "pkey"), ("dueOn", "invoices_due"), ("period", "invoices_period")])
    func aListOverEverythingIsNotSorted(_ sort: String, _ index: String) async throws {
        try await withDatabase(.migrated) { database in
            let filter = InvoiceFilter(
                kind: nil, status: nil, period: nil, overdue: nil, scopeID: nil, condoID: nil, debtorID: nil, unitID: nil,
                issuerID: nil, objectID: nil, from: nil, to: nil, q: nil)
            let selection = InvoiceSelection(sight: .everything, filter: filter, now: .now)
            for isDescending in [true, false] {
                let page = InvoiceQueries.page(selection, PageRequest(sort: sort, isDescending: isDescending))
                let plan = try await database.transaction { _ in
                    try await database.execute(Command("set local enable_sort = off"))
                    return try await database.all(Statement<String>("explain \(page.sql)"))
                }
                #expect(plan.contains { $0.contains(index) }, "\(plan)")
            }
        }
    }

    @Test func anIssuedInvoiceIsReadAsItWasWritten() async throws {
        try await withDatabase { database in
            let door = world.door(database)
            var draft = world.draft()
            draft.items = [
                NewInvoiceItem(description: "Area, 50 m²", quantity: 50, unitPrice: 35, source: "tariff:1"),
                NewInvoiceItem(
                    description: "Cold water {\"a\",\\}, x", quantity: Quantity("10.5")!, unitPrice: UnitPrice("42.5")!,
                    taxRate: 20, isEstimate: true),
            ]
            let created = try #require(try await door.createIssued(draft))
            let detail = try #require(try await door.detail(created.id))
            #expect(detail.items.map(\.id) == created.itemIDs)
            #expect(detail.items.map(\.description) == draft.items.map(\.description))
            #expect(detail.items.map(\.amount) == [1_750_00, 446_25])
            #expect(detail.items.map(\.taxRate) == [nil, 20])
            #expect(detail.items.map(\.source) == ["tariff:1", nil])
            #expect(detail.items.map(\.isEstimate) == [false, true])
            #expect(detail.items[1].quantity == Quantity("10.5"))
            #expect(detail.invoice.state.total == 1_750_00 + 446_25 + 89_25)
            #expect(detail.invoice.state == created.state)
            #expect(detail.invoice.number == created.number)
            #expect(detail.payments.isEmpty)
        }
    }

    /// The one rule twice: in SQL at issue, and in `InvoiceState` everywhere else.
    @Test(arguments: [-1, 0, 1, 14]) func theStatusAtIssueIsTheOneOfTheModel(days: Int) async throws {
        try await withDatabase { database in
            let door = world.door(database)
            let today = try #require(
                try await database.first(Statement<Day>("select (now() at time zone 'Europe/Sofia')::date")))
            var draft = world.draft()
            draft.dueOn = today.adding(days: days)
            let created = try #require(try await door.createIssued(draft))
            var model = InvoiceState.draft(total: 5_000_00, dueOn: today.adding(days: days))
            try model.issue(today: today)
            #expect(created.state == model)
        }
    }

    @Test func twentyAtOnceMakeOne() async throws {
        try await withDatabase { database in
            let door = world.door(database)
            let made = try await race(20) { _ in try await door.createIssued(world.draft()) != nil }
            #expect(made.filter { $0 }.count == 1)
            #expect(try await numbers(database) == ["INV-\(try await year(database))-000001"])
        }
    }

    @Test func numbersHaveNoGapWhateverRolledBack() async throws {
        try await withDatabase { database in
            let door = world.door(database)
            struct Change: Error {}
            _ = try await race(30) { index in
                _ = try? await database.transaction { _ in
                    _ = try await door.createIssued(world.draft(Scope("unit", .v7())))
                    if index.isMultiple(of: 3) { throw Change() }
                }
                return true
            }
            let year = try await year(database)
            let expected = (1...20).map { "INV-\(year)-0000" + ($0 < 10 ? "0" : "") + "\($0)" }
            #expect(try await numbers(database) == expected)
        }
    }

    /// What is owed in rupees is numbered from April to March, by India's days; one row of numbers all the same.
    @Test func indiasYearBeginsInApril() async throws {
        try await withDatabase { database in
            let rows: [(String, Currency, String, String)] = [
                ("2026-03-31T18:29:00Z", .inr, "plan", "SUB-2025-0001"), ("2026-03-31T18:30:00Z", .inr, "plan", "SUB-2026-0001"),
                ("2026-12-31T23:00:00Z", .eur, "plan", "SUB-2027-0001"), ("2027-02-28T12:00:00Z", .inr, "plan", "SUB-2026-0002"),
                ("2027-03-31T18:29:59Z", .inr, "plan", "SUB-2026-0003"), ("2027-05-31T12:00:00Z", .inr, "plan", "SUB-2027-0002"),
                ("2027-03-01T12:00:00Z", .inr, "unit_monthly", "INV-2027-000001"),
            ]
            for (now, currency, kind, number) in rows {
                var draft = world.draft(Scope("unit", .v7()), kind: kind, period: nil)
                (draft.currency, draft.timeZone) = (currency, currency == .inr ? "Asia/Kolkata" : "Europe/Sofia")
                let door = world.door(database, clock: .fixed(try #require(Instant(now))))
                #expect(try await door.createIssued(draft)?.number == number, "\(now) \(currency)")
            }
        }
    }

    @Test func aCancelledOneMakesPlaceForAnother() async throws {
        try await withDatabase { database in
            let door = world.door(database)
            let first = try #require(try await door.createIssued(world.draft()))
            #expect(try await door.createIssued(world.draft()) == nil)
            try await door.cancel(first.id, reason: "wrong reading")
            #expect(try await door.createIssued(world.draft()) != nil)
            await #expect(throws: InvoiceProblem.invalidState) { try await door.cancel(first.id, reason: "again") }
        }
    }

    @Test func aDraftIsIssuedOnceWhoeverAsks() async throws {
        try await withDatabase { database in
            let door = world.door(database)
            let draft = try #require(try await door.create(world.draft()))
            #expect(draft.number == nil)
            let issued = try await race(10) { _ in (try? await door.issue(draft.id)) != nil }
            #expect(issued.filter { $0 }.count == 1)
            #expect(try await numbers(database).count == 1)
        }
    }

    /// The due day is the issuer's: it ends at his midnight, not at ours.
    @Test func overdueBeginsWithTheIssuersNextDay() async throws {
        try await withDatabase { database in
            var draft = world.draft()
            draft.timeZone = "Asia/Almaty"
            draft.dueOn = Day(year: 2027, month: 3, day: 10)
            let created = try #require(try await world.door(database).createIssued(draft))
            // Almaty is five hours ahead of UTC.
            let lastMinute = try #require(Instant("2027-03-10T18:59:00Z"))
            for (now, status) in [(lastMinute, InvoiceStatus.issued), (lastMinute + .minutes(2), .overdue)] {
                try await world.door(database, clock: .fixed(now)).markOverdue()
                #expect(try await world.door(database).invoice(created.id)?.state.status == status)
            }
            try await world.door(database, clock: .fixed(lastMinute + .days(1))).markOverdue()
            let told = try await database.one(
                Statement<Int>("select count(*) from api.outbox where event = 'invoice.overdue'"))
            #expect(told == 1)
        }
    }

    @Test func theDatabaseRefusesLinesThatDoNotMakeTheSum() async throws {
        try await withDatabase { database in
            let created = try #require(try await world.door(database).createIssued(world.draft()))
            let change = Command("update invoices.invoices set subtotal = 1, total = 1 where id = \(created.id)")
            let error = await #expect(throws: DatabaseError.self) { try await database.execute(change) }
            #expect(error?.constraint == "invoices_lines_sum")
        }
    }

    private func numbers(_ database: Database) async throws -> [String] {
        try await database.all(Statement<String>("select number from invoices.invoices order by number"))
    }

    private func year(_ database: Database) async throws -> Int {
        try await database.one(
            Statement<Int>("select extract(year from now() at time zone 'Europe/Sofia')::int"))
    }
}

/// Runs `body` `count` times at once and gathers what it answers.
func race<T: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> T) async throws -> [T] {
    try await withThrowingTaskGroup(of: T.self) { group in
        for index in 0..<count { group.addTask { try await body(index) } }
        var answers: [T] = []
        for try await answer in group { answers.append(answer) }
        return answers
    }
}
