import Identity
import JSON
import Jobs
import Notifications
import Postgres
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Invoices

@Suite struct DunningTests {
    private static let kind = InvoiceKind(
        "user_fee", product: "test", series: "FEE", dueDays: 10, debtor: "user", scope: "user", issuer: "platform",
        contacts: { debtors in debtors.map { InvoiceContact(debtor: $0, user: $0, words: "Call us.") } })

    private struct Desk: Sendable {
        let server: TestServer
        let invoices: Invoices
        let dunning: Dunning
        let debtor: Scope

        func issue() async throws -> CreatedInvoice {
            let draft = NewInvoice(
                kind: "user_fee", parties: InvoiceParties(issuer: .platform, debtor: debtor, scope: debtor), currency: .eur,
                timeZone: "Asia/Kolkata", items: [NewInvoiceItem(description: "Fee", quantity: 1, unitPrice: 5)])
            return try #require(try await invoices.createIssued(draft))
        }

        /// Minutes of UTC on a day.
        func go(to day: Day, _ minutes: Int) {
            server.clock.advance(by: (Instant(day) + .seconds(60 * minutes)) - server.clock.clock.now())
        }

        /// As several instances would at once.
        func atOnce(_ work: @escaping @Sendable () async throws -> Void) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask(executorPreference: TestLoops.group.loops[0]) { try await work() } }
                try await group.waitForAll()
            }
        }

        func notices() async throws -> [String] {
            try await server.database.all(
                Statement<String>("select type || ' ' || template_key as notice from notifications.notifications order by notice"))
        }
    }

    /// Each step at eight in the issuer's zone, once, and none for what is owed no more.
    @Test func debtorsAreDunnedByThePolicyOfTheKind() async throws {
        try await withDesk { desk in
            let server = desk.server
            let base = "/api/v1/invoices/dunning-policies"
            for (name, status) in [(nil, 401), ("debtor", 403), ("office", 403), ("boss", 200)] as [(String?, Int)] {
                #expect(try await server.send("GET", base, token: name).status == status, "\(name ?? "guest")")
                let body: JSONValue = ["isEnabled": true, "steps": [["day": 3], ["day": -2, "channel": "in_app", "template": "payment_reminder"]]]
                #expect(try await server.send("PUT", base + "/user_fee", token: name, body: body).status == status)
            }
            for steps in [[["day": 1], ["day": 1]], [], [["day": 400]], [["day": 1, "template": "welcome"]]] as [JSONValue] {
                #expect(try await server.send("PUT", base + "/user_fee", token: "boss", body: ["steps": steps]).status == 422)
            }
            #expect(try await server.send("PUT", base + "/car", token: "boss", body: ["isEnabled": true]).status == 404)
            let listed = try await server.send("GET", base, token: "boss").data
            #expect(listed[0]?["steps"]?.array?.map { $0["day"]?.int } == [-2, 3])
            let late = try await desk.issue(), cancelled = try await desk.issue()
            try await desk.invoices.cancel(cancelled.id, reason: "a mistake")
            // Two days before the due day, by the issuer's zone: 02:30 UTC is eight in Kolkata.
            let due = late.state.dueOn
            func sent() async throws -> [String] {
                try await server.database.all(Statement<String>("select day || channel from invoices.dunning_events order by day"))
            }
            desk.go(to: due.adding(days: -2), 149)
            try await desk.dunning.dun()
            #expect(try await sent().isEmpty)
            desk.go(to: due.adding(days: -2), 151)
            try await desk.atOnce { try await desk.dunning.dun() }
            #expect(try await sent() == ["-2in_app"])
            desk.go(to: due.adding(days: 3), 151)
            for _ in 0..<2 { try await desk.dunning.dun() }
            #expect(try await sent() == ["-2in_app", "3email"])
            #expect(try await desk.notices() == ["email invoice_reminder", "in_app invoice_reminder", "in_app payment_reminder"])
            let body = try await server.database.one(
                Statement<String>("select body from notifications.notifications where type = 'email'"))
            #expect(body.contains("5.00 EUR") && body.hasSuffix("Call us."))
            // Whoever switches a step on does not remind of what is long past.
            let change: JSONValue = ["steps": [["day": -3], ["day": 3]]]
            #expect(try await server.send("PUT", base + "/user_fee", token: "boss", body: change).status == 200)
            try await desk.dunning.dun()
            #expect(try await sent() == ["-2in_app", "3email"])
            let trail = try await server.database.all(Statement<String>("select action from identity.audit_logs"))
            #expect(trail == ["dunning_policy_changed", "dunning_policy_changed"])
        }
    }

    /// Two weeks after issue and then every week at five past ten in the issuer's zone, 04:35 UTC, while something is open.
    @Test func whatIsOpenIsRemindedOfEveryWeek() async throws {
        try await withDesk { desk in
            let issued = try await desk.issue()
            let day = try #require(try await desk.invoices.invoice(issued.id)?.issuedOn)
            desk.go(to: day.adding(days: 14), 274)
            try await desk.dunning.remind()
            #expect(try await desk.notices().isEmpty)
            desk.go(to: day.adding(days: 14), 276)
            try await desk.atOnce { try await desk.dunning.remind() }
            #expect(try await desk.notices() == ["email invoice_reminder", "in_app invoice_reminder"])
            desk.go(to: day.adding(days: 21), 276)
            try await desk.dunning.remind()
            #expect(try await desk.notices().count == 4)
            // What was missed is not made up for.
            desk.go(to: day.adding(days: 45), 0)
            for _ in 0..<2 { try await desk.dunning.remind() }
            #expect(try await desk.notices().count == 6)
            desk.go(to: day.adding(days: 49), 276)
            try await desk.dunning.remind()
            #expect(try await desk.notices().count == 8)
            try await desk.invoices.cancel(issued.id, reason: "a mistake")
            desk.go(to: day.adding(days: 80), 0)
            try await desk.dunning.remind()
            #expect(try await desk.notices().count == 8)
        }
    }

    /// By the office, of what is open, as often as it likes.
    @Test func theOfficeSendsAnInvoice() async throws {
        try await withDesk { desk in
            let issued = try await desk.issue()
            let path = "/api/v1/invoices/\(issued.id)/send"
            for (name, status) in [(nil, 401), ("office", 404), ("debtor", 403), ("clerk", 200), ("clerk", 200)] as [(String?, Int)] {
                #expect(try await desk.server.send("POST", path, token: name).status == status, "\(name ?? "guest")")
            }
            let ready = ["email invoice_ready", "email invoice_ready", "in_app invoice_ready", "in_app invoice_ready"]
            #expect(try await desk.notices() == ready)
            try await desk.invoices.cancel(issued.id, reason: "a mistake")
            #expect(try await desk.server.send("POST", path, token: "clerk").code == "invalid_state")
        }
    }

    private func withDesk(_ body: @escaping @Sendable (Desk) async throws -> Void) async throws {
        var people = TestPeople()
        people.add("debtor")
        let boss = Role("boss", title: "Boss", product: "test", level: 1, on: [.platform], permissions: [.invoicesManage])
        people.add("boss", boss, on: .platform)
        let rights: [Permission] = [.invoicesRead, .invoicesUpdate]
        people.add("clerk", Role("clerk", title: "Clerk", product: "test", level: 1, on: [.platform], permissions: rights), on: .platform)
        people.add("office", Role("office", title: "Office", product: "test", level: 1, on: ["shop"], permissions: [.invoicesManage]), on: Scope("shop", .v7()))
        let cast = people
        let kept = Mutex<(Invoices, Dunning)?>(nil)
        try await withServer { platform in
            try await cast.settle(platform.database)
            // Who has not confirmed his address owes all the same.
            try await platform.database.execute(
                Command("update identity.users set status = 'pending' where id = \(cast["debtor"])"))
            let invoices = Invoices(
                database: platform.database, events: platform.outbox, kinds: InvoiceKinds([Self.kind]), clock: platform.clock)
            let dunning = Dunning(
                invoices,
                notifications: Notifications(
                    database: platform.database, jobs: Jobs(database: platform.database), events: platform.outbox,
                    dataKey: [UInt8](repeating: 7, count: 32), channels: Channels(email: SandboxEmail()),
                    clock: platform.clock, log: platform.log))
            kept.withLock { $0 = (invoices, dunning) }
            let audit = Audit(database: platform.database, clock: platform.clock, log: platform.log)
            return TestComposition(
                authenticator: cast,
                modules: [InvoicesModule(invoices, trail: StaffTrail(audit, RoleBook(cast.allRoles)), dunning: dunning)])
        } _: { server in
            guard let (invoices, dunning) = kept.withLock({ $0 }) else { preconditionFailure("the server was composed") }
            try await body(
                Desk(server: server, invoices: invoices, dunning: dunning, debtor: Scope("user", cast["debtor"])))
        }
    }
}
