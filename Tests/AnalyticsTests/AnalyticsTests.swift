import Crypto
import Identity
import JSON
import Jobs
import Notifications
import Payments
import Postgres
import Print
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Analytics
@testable import Files

/// The module behind a running server, with two companies and lamps that are lit in them.
private struct AnalyticsWorld: Sendable {
    let server: TestServer
    let analytics: Analytics
    let reports: Reports
    let identity: IdentityModule
    let outbox: Outbox
    let handlers: [EventHandler]
    let personal: [PersonalData]
    let owner: String
    let analyst: String
    let director: String
    let user: String

    static let company = UUID("0190f7a2-7d4e-7c11-8a55-000000000001")!
    static let other = UUID("0190f7a2-7d4e-7c11-8a55-000000000002")!

    func get(_ path: String, as token: String?) async throws -> TestAnswer {
        try await server.send("GET", "/api/v1" + path, token: token)
    }

    /// A payment that has succeeded.
    func pay(_ amount: Int, _ currency: String, in company: UUID, on day: String, refunded: Int = 0) async throws {
        let id = UUID.v7()
        let at = try #require(Instant("\(day)T12:00:00Z"))
        let status = refunded == 0 ? "succeeded" : refunded == amount ? "refunded" : "partially_refunded"
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let reference = "ORD_" + String((0..<20).map { _ in letters.randomElement()! })
        try await server.database.execute(
            Command(
                """
                insert into payments.payments (id, reference, product, purpose, purpose_id, scope_type, scope_id, payee_type,
                    payee_id, amount, currency, captured, refunded, provider, status, expires_at, succeeded_at)
                values (\(id), \(reference), 'shop', 'lamp', \(UUID.v7()), 'company', \(company), 'company', \(company),
                    \(amount), \(currency), \(amount), \(refunded), 'sandbox', \(status), \(at), \(at))
                """))
        guard refunded > 0 else { return }
        try await server.database.execute(
            Command(
                """
                insert into payments.refunds (id, updated_at, number, payment_id, amount, status, reason, requester_kind,
                    decided_at, idempotency_key)
                values (\(UUID.v7()), \(at), \("R-\(id)"), \(id), \(refunded), 'succeeded', 'other', 'staff', \(at),
                    \(UUID.v7()))
                """))
    }
}

/// What is counted of a day, who sees it, and the reports that are made of it, on one stage: the reports tell the same lamps.
@Suite struct AnalyticsTests {
    private static let lit = Mutex<Int64>(3)

    /// Three lamps on New Year's Day, more on the second, very many otherwise.
    private static let lampReport = ReportKind(
        "lamps", title: "Лампы", product: "shop", permission: "lamps:read"
    ) { days, _ in
        let count = ["2026-01-01": 3, "2026-01-02": 4_000]["\(days.from)"] ?? 20_001
        return ReportTable(
            columns: [("lamp", false), ("day", false), ("watts", true)],
            rows: (0..<count).map { ["lamp \($0), مصباح", "\(days.from)", "\($0).5"] })
    }

    fileprivate func withAnalytics(_ body: @escaping @Sendable (AnalyticsWorld) async throws -> Void) async throws {
        let made = Mutex<(IdentityModule, AnalyticsModule, Outbox)?>(nil)
        try await withServer { platform in
            let database = platform.database
            try await database.execute(Command("create table test_companies (id uuid primary key)"))
            try await database.execute(
                Command("insert into test_companies (id) values (\(AnalyticsWorld.company)), (\(AnalyticsWorld.other))"))
            var options = IdentityOptions(
                dataKey: Array(repeating: 7, count: 32), issuer: "https://atrium.example", appURL: "https://app.example")!
            options.bcryptRounds = 4
            let director = Role(
                "director", title: "Director", product: "shop", level: 60, on: ["company"], permissions: ["analytics:read"])
            let identity = IdentityModule(
                database: database, options: options, roles: [director],
                kinds: [.top("company", all: "select c.id from test_companies c")], locks: platform.locks,
                postman: NoPostman(), outbox: platform.outbox, loops: platform.loops.loops.count, log: platform.log,
                clock: platform.clock)
            let notifications = Notifications(
                database: database, jobs: Jobs(database: database), events: platform.outbox,
                dataKey: Array(repeating: 7, count: 32), channels: .sandbox, contacts: UserContacts(database), log: .silent)
            let lamps = Figure("lamps.lit", title: "Lamps lit", product: "shop", by: "colour") { _ in
                [FigureCount("red", Self.lit.withLock { $0 }), FigureCount("blue", 1)]
            }
            let section = DashboardSection("shop", on: [.platform, "company"]) { scope in
                JSONText(encoding: JSONValue.object([("lamps", scope == .platform ? 9 : 4)]))
            }
            let files = Files(
                database: database, purposes: FilePurposes([AnalyticsModule.reportFile]),
                addresses: FileAddresses(server: "http://files.test", key: [1]),
                stores: .folder(TestCluster.folder + "/reports", pool: platform.blocking), quota: 1 << 26,
                jobs: Jobs(database: database), outbox: platform.outbox, pool: platform.blocking, clock: platform.clock)
            let printer = Printer(
                font: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", pool: platform.blocking, metrics: platform.metrics,
                log: platform.log)
            let module = AnalyticsModule(
                database: database, identity: identity, notifications: notifications,
                figures: identity.figures + RevenueFigures(database: database).all + [lamps], sections: [section],
                kinds: [Self.lampReport], files: files, printer: printer, jobs: Jobs(database: database), cache: platform.cache,
                trail: StaffTrail(identity.audit, identity.book), log: platform.log, clock: platform.clock)
            made.withLock { $0 = (identity, module, platform.outbox) }
            return TestComposition(authenticator: identity.authenticator, modules: [identity, module, FilesModule(files, identity: identity)])
        } _: { server in
            let (identity, module, outbox) = made.withLock { $0! }
            func person(_ email: String, _ role: String?, on scope: Scope) async throws -> String {
                let draft = NewUser(email: EmailAddress(email), firstName: "Ann", lastName: "Lee", source: "test")
                let user = try await identity.makeAccount(draft, password: "Correct7Horse")
                if let role { _ = try await identity.giveRole(role, on: scope, to: user) }
                let answer = try await server.send(
                    "POST", "/api/v1/auth/login", body: ["email": .string(email), "password": "Correct7Horse"])
                return try #require(answer.data["accessToken"]?.string, "\(answer.text)")
            }
            try await body(
                AnalyticsWorld(
                    server: server, analytics: module.analytics, reports: module.reports,
                    identity: identity, outbox: outbox, handlers: module.eventHandlers, personal: module.personalData,
                    owner: try await person("owner@example.com", "super_admin", on: .platform),
                    analyst: try await person("analyst@example.com", "analyst", on: .platform),
                    director: try await person("director@example.com", "director", on: Scope("company", AnalyticsWorld.company)),
                    user: try await person("user@example.com", nil, on: .platform)))
        }
    }

    @Test func aDayThatIsCountedAgainHasItsNewCounts() async throws {
        try await withAnalytics { world in
            Self.lit.withLock { $0 = 3 }
            try await world.analytics.update()
            let today = world.server.clock.clock.now().day
            Self.lit.withLock { $0 = 5 }
            try await world.analytics.update(on: today)
            let path = "/admin/analytics/metrics/lamps.lit?from=\(today.adding(days: -6))&to=\(today)&compare=true"
            let series = try await world.get(path, as: world.analyst)
            #expect(series.data["points"]?.array?.count == 7, "\(series.text)")
            #expect(series.data["points"]?.array?.map { $0["value"]?.int } == [0, 0, 0, 0, 0, 4, 6])
            #expect(series.data["total"] == 10 && series.data["changePercent"]?.isNull == true)
            #expect(series.data["breakdown"]?[0] == ["dimension": "red", "value": 8])
            let one = try await world.get(path + "&dimension=blue&top=1", as: world.analyst)
            #expect(one.data["total"] == 2 && one.data["breakdown"]?.array?.count == 1)
            let next = "/admin/analytics/metrics/lamps.lit?from=\(today)&to=\(today)&compare=true"
            #expect(try await world.get(next, as: world.analyst).data["changePercent"] == 50)
            let months = "/admin/analytics/metrics/lamps.lit?groupBy=month&from=2020-01-15&to=2020-03-02"
            #expect(try await world.get(months, as: world.analyst).data["points"]?.array?.map { $0["day"]?.string }
                == ["2020-01-01", "2020-02-01", "2020-03-01"])
            let stored = try await world.server.database.one(
                Statement<Int>("select (metrics->>'lamps.lit/red')::bigint from analytics.platform_analytics where day_on = \(today)"))
            #expect(stored == 5)
        }
    }

    /// Who was active last moves on; the day keeps the most that was counted.
    @Test func whoWasActiveStaysCounted() async throws {
        try await withAnalytics { world in
            try await world.analytics.update()
            let today = world.server.clock.clock.now().day
            let counted = Statement<Int>(
                "select coalesce(sum(value), 0)::bigint from analytics.daily_metrics where metric = 'users.active' and day_on = \(today)")
            try await world.server.database.execute(Command("update identity.users set last_active_at = now()"))
            try await world.analytics.update(on: today)
            let before = try await world.server.database.one(counted)
            #expect(before >= 4)
            try await world.server.database.execute(
                Command("update identity.users set last_active_at = last_active_at + interval '1 day'"))
            try await world.analytics.update(on: today)
            #expect(try await world.server.database.one(counted) == before)
        }
    }

    @Test func revenueIsWhatCameInLessWhatWentBackOfTheScopesOneSees() async throws {
        try await withAnalytics { world in
            try await world.pay(10_000, "RUB", in: AnalyticsWorld.company, on: "2024-01-10")
            try await world.pay(5_000, "RUB", in: AnalyticsWorld.company, on: "2024-01-31", refunded: 2_000)
            try await world.pay(7_000, "EUR", in: AnalyticsWorld.other, on: "2024-02-01")
            let range = "from=2024-01-01&to=2024-02-01&groupBy=month"
            let all = try await world.get("/analytics/revenue?\(range)", as: world.analyst)
            #expect(all.data["total"]?.array?.map { $0["amount"] } == [.number("70.00"), .number("130.00")], "\(all.text)")
            #expect(all.data["total"]?[1]?["refunded"] == 20 && all.data["total"]?[1]?["payments"] == 2)
            #expect(all.data["trend"]?.array?.map { $0["key"]?.string } == ["2024-01-01", "2024-02-01"])
            #expect(all.data["byProduct"]?[0]?["key"] == "shop" && all.data["bySource"]?[0]?["key"] == "sandbox")
            let own = try await world.get("/analytics/revenue?\(range)", as: world.director)
            #expect(own.data["total"]?.array?.map { $0["currency"] } == ["RUB"])
            let one = try await world.get(
                "/analytics/revenue?\(range)&scopeType=company&scopeId=\(AnalyticsWorld.other)", as: world.analyst)
            #expect(one.data["total"]?.array?.map { $0["currency"] } == ["EUR"])
            let ever = try await world.get("/analytics/revenue?period=all", as: world.analyst)
            #expect(ever.data["from"] == "2024-01-10")
            try await world.analytics.update(on: try #require(Day("2024-01-31")))
            let figure = try await world.get(
                "/admin/analytics/metrics/payments.revenue?from=2024-01-31&to=2024-01-31", as: world.analyst)
            #expect(figure.data["total"] == 3_000 && figure.data["unit"] == "money")
            // Amounts of several currencies are not added.
            try await world.pay(9_000, "EUR", in: AnalyticsWorld.other, on: "2024-01-31")
            try await world.analytics.update(on: try #require(Day("2024-01-31")))
            try await world.analytics.forget()
            let days = "/admin/analytics/metrics/payments.revenue?from=2024-01-31&to=2024-01-31"
            #expect(try await world.get(days, as: world.analyst).refusedFields == ["dimension"])
            #expect(try await world.get(days + "&dimension=EUR", as: world.analyst).data["total"] == 9_000)
            let kept = try await world.server.database.one(
                Statement<String>(
                    "select coalesce(total_revenue::text, '-') || revenue from analytics.platform_analytics where day_on = '2024-01-31'"))
            #expect(kept == #"-{"EUR": 9000, "RUB": 3000}"#)
        }
    }

    @Test func figuresAreKeptUntilTheyChange() async throws {
        try await withAnalytics { world in
            let path = "/analytics/revenue?period=7d"
            for cached in ["MISS", "HIT"] { #expect(try await world.get(path, as: world.analyst).field("x-cache") == cached) }
            // Another caller sees his own.
            #expect(try await world.get(path, as: world.director).field("x-cache") == "MISS")
            try await world.outbox.publish(Event("payment.succeeded", "payment", .v7()))
            _ = try await world.outbox.dispatch(to: world.handlers)
            #expect(try await world.get(path, as: world.analyst).field("x-cache") == "MISS")
            #expect(try await world.get("/analytics/executive", as: world.analyst).field("x-cache") == "MISS")
            try await world.analytics.update()
            #expect(try await world.get("/analytics/executive", as: world.analyst).field("x-cache") == "MISS")
        }
    }

    @Test func accountsAndDashboards() async throws {
        try await withAnalytics { world in
            let users = try await world.get("/analytics/users", as: world.analyst)
            #expect(users.data["staff"]?["total"] == 2 && users.data["byRole"]?["director"] == 1, "\(users.text)")
            #expect(users.data["byProduct"]?["shop"] == 1 && users.data["sources"]?["test"]?.int == 4)
            #expect(users.data["retention"]?.isNull == true && users.data["growth"]?["previous"] == 0)
            let own = try await world.get("/analytics/dashboard", as: world.director)
            #expect(own.data["sections"]?["shop"] == ["lamps": 4] && own.data["scopeType"] == "company", "\(own.text)")
            let platform = try await world.get("/analytics/dashboard", as: world.analyst)
            #expect(platform.data["sections"]?["shop"] == ["lamps": 9])
            try await world.analytics.update()
            let executive = try await world.get("/analytics/executive", as: world.analyst)
            #expect(executive.data["users"]?["current"]?.int == 4, "\(executive.text)")
            #expect(executive.data["growth"]?["lamps.lit"]?["current"]?.int ?? 0 > 0)
            let metrics = try await world.get("/admin/analytics/metrics", as: world.analyst)
            #expect(metrics.data.array?.contains { $0["name"] == "payments.revenue" } == true)
        }
    }

    @Test func whoMaySeeWhat() async throws {
        try await withAnalytics { world in
            let company = "scopeType=company&scopeId=\(AnalyticsWorld.company)"
            let other = "scopeType=company&scopeId=\(AnalyticsWorld.other)"
            let rows: [(String, String?, Int, String?)] = [
                ("/analytics/executive", nil, 401, "unauthorized"), ("/analytics/executive", world.user, 403, "forbidden"),
                ("/analytics/executive", world.director, 403, "forbidden"),
                ("/analytics/users", world.director, 403, "forbidden"), ("/analytics/users", world.user, 403, "forbidden"),
                ("/analytics/revenue", world.user, 403, "forbidden"),
                ("/analytics/revenue?\(company)", world.director, 200, nil),
                ("/analytics/revenue?\(other)", world.director, 404, "not_found"),
                ("/analytics/revenue?scopeType=castle", world.analyst, 422, "scope_unknown"),
                ("/analytics/revenue?period=7d&from=2024-01-01", world.analyst, 422, "invalid_input"),
                ("/analytics/revenue?from=2024-02-01&to=2024-01-01", world.analyst, 422, "invalid_input"),
                ("/analytics/revenue?from=2010-01-01&to=2024-01-01", world.analyst, 422, "invalid_input"),
                ("/analytics/dashboard?\(other)", world.director, 404, "not_found"),
                ("/analytics/dashboard?scopeType=company", world.analyst, 422, "scope_unknown"),
                ("/admin/analytics/metrics", world.director, 403, "forbidden"),
                ("/admin/analytics/metrics/moon.rises", world.analyst, 404, "not_found"),
                ("/admin/analytics/metrics/lamps.lit?top=51", world.analyst, 422, "invalid_input"),
                ("/admin/analytics/metrics/lamps.lit?colour=red", world.analyst, 422, "unknown_field"),
            ]
            for (path, token, status, code) in rows {
                let answer = try await world.get(path, as: token)
                #expect(answer.status == status && answer.code == code, "\(path): \(answer.text)")
            }
        }
    }

    @Test func aReportIsMailedOnce() async throws {
        try await withAnalytics { world in
            let day = world.server.clock.clock.now().day
            try await world.analytics.update(on: day)
            try await world.server.database.execute(
                Command("update identity.users set locale = case email when 'analyst@example.com' then 'ru' else 'en' end"))
            let range = DayRange(from: day, to: day)
            for _ in 0..<2 {
                for template in [TemplateKey.dailyReport, .weeklyReport] { try await world.analytics.report(range, as: template) }
            }
            let mails = try await world.server.database.all(
                Statement<String>(
                    """
                    select concat_ws(' ', recipient, template_key, subject) from notifications.notifications
                     where type = 'email' order by recipient, template_key
                    """))
            #expect(
                mails == [
                    "analyst@example.com daily_report Отчёт за \(day)",
                    "analyst@example.com weekly_report Отчёт за неделю с \(day)",
                    "owner@example.com daily_report Report of \(day)",
                    "owner@example.com weekly_report Report of the week from \(day)",
                ])
            // Also as HTML every figure has its line.
            let html = try await world.server.database.all(
                Statement<String>("select html from notifications.notifications where type = 'email'"))
            #expect(html.count == 4 && html.allSatisfy { $0.contains("Lamps lit, blue: 1<br>") }, "\(html)")
        }
    }

    @Test func weeksBeginOnMonday() throws {
        let sunday = try #require(Day("2024-03-03")), monday = try #require(Day("2024-03-04"))
        #expect(FigureStep.week.first(of: sunday) == Day("2024-02-26") && FigureStep.week.first(of: monday) == monday)
        #expect(FigureStep.week.first(of: try #require(Day("1969-12-31"))) == Day("1969-12-29"))
    }
}

extension AnalyticsTests {
    @Test func aReportIsSavedAndMade() async throws {
        try await withAnalytics { world in
            let base = "/api/v1/admin/analytics"
            func send(_ method: String, _ path: String, _ token: String?, _ body: JSONValue? = nil) async throws -> TestAnswer {
                try await world.server.send(method, base + path, token: token, body: body)
            }
            let kinds = try await send("GET", "/report-kinds", world.owner)
            #expect(kinds.data.array?.compactMap { $0["name"]?.string } == ["figures", "lamps", "revenue"])
            #expect(try await send("GET", "/report-kinds", world.analyst).data.array?.compactMap { $0["name"]?.string } == ["figures"])
            let body: JSONValue = ["name": "Lamps", "kind": "lamps", "format": "csv", "config": ["from": "2026-01-01", "to": "2026-01-31"]]
            for (token, status) in [(nil, 401), (world.user, 403), (world.director, 403), (world.analyst, 422), (world.owner, 201)] as [(String?, Int)] {
                #expect(try await send("POST", "/reports", token, body).status == status)
            }
            for (member, value) in [
                ("kind", "moons"), ("format", "doc"), ("frequency", "yearly"), ("config", ["period": "7d", "from": "2026-01-01", "to": "2026-01-02"]),
                ("config", ["from": "2026-01-01"]),
            ] as [(String, JSONValue)] {
                var members = body.object ?? []
                members.removeAll { $0.name == member }
                #expect(try await send("POST", "/reports", world.owner, .object(members + [(member, value)])).status == 422, "\(member)")
            }
            let id = try #require(try await send("GET", "/reports", world.owner).data[0]?["id"]?.string)
            #expect(try await send("GET", "/reports", world.analyst).meta["total"] == 0)
            #expect(try await send("GET", "/reports/\(id)", world.analyst).status == 404)
            #expect(try await send("POST", "/reports/\(id)/run", world.analyst).status == 404)
            try await world.server.checkMatching(
                MatchedChange(base + "/reports/\(id)", as: world.owner, ["name": "Lights"], ["format": "xlsx"]))
            for (format, start) in [("csv", "lamp,day,watts"), ("xlsx", "PK"), ("pdf", "%PDF-")] {
                #expect(try await send("PATCH", "/reports/\(id)", world.owner, ["format": .string(format)]).status == 200)
                let run = try await send("POST", "/reports/\(id)/run", world.owner)
                #expect(run.status == 201 && run.data["rows"] == 3 && run.data["from"] == "2026-01-01", "\(run.text)")
                let path = "/runs/\(run.data["id"]?.string ?? "")/download"
                #expect(try await send("GET", path, world.analyst).status == 404)
                let address = try #require(try await send("GET", path, world.owner).field("location"))
                let file = try await world.server.send("GET", String(address.dropFirst("http://files.test".count)))
                #expect(file.status == 200 && file.body.starts(with: start.utf8), "\(format): \(file.text.prefix(200))")
                if format == "csv" { #expect(file.text.contains("\"lamp 2, مصباح\",2026-01-01,2.5\r\n")) }
            }
            let runs = try await send("GET", "/runs?savedReportId=\(id)&limit=2", world.owner)
            #expect(runs.data.array?.count == 2 && runs.meta["nextCursor"]?.string != nil)
            let rest = try await send("GET", "/runs?limit=2&cursor=\(runs.meta["nextCursor"]?.string ?? "")", world.owner)
            #expect(rest.data.array?.count == 1)
            #expect(try await send("GET", "/runs", world.analyst).data.array?.count == 0)
            let many: JSONValue = ["config": ["from": "2026-01-02", "to": "2026-01-31"]]
            #expect(try await send("PATCH", "/reports/\(id)", world.owner, many).status == 200)
            #expect(try await send("POST", "/reports/\(id)/run", world.owner).code == "too_many_rows")
            #expect(try await send("DELETE", "/reports/\(id)", world.analyst).status == 404)
            #expect(try await send("DELETE", "/reports/\(id)", world.owner).status == 204)
            #expect(try await send("GET", "/runs", world.owner).data.array?.count == 3)
            let trail = try await world.server.database.all(
                Statement<String>("select action from identity.audit_logs where object_type = 'saved_report' order by at, id"))
            #expect(trail.first == "report_saved" && trail.last == "report_deleted")
            let made = Statement<Int>("select count(*) from identity.audit_logs where action = 'report_made'")
            #expect(try await world.server.database.one(made) == 3)
        }
    }

    /// A long one is made by a job, those of a schedule at their time, each once, with the rights that the owner has then.
    @Test func reportsAreMadeByJobs() async throws {
        try await withAnalytics { world in
            let base = "/api/v1/admin/analytics"
            let body: JSONValue = ["name": "Lamps", "kind": "lamps", "format": "csv", "frequency": "daily", "config": ["period": "1d"]]
            let saved = try await world.server.send("POST", base + "/reports", token: world.owner, body: body)
            let id = try #require(saved.data["id"]?.string)
            let queued = try await world.server.send("POST", "\(base)/reports/\(id)/run", token: world.owner)
            #expect(queued.status == 202 && queued.data["status"] == "queued", "\(queued.text)")
            let run = try #require(queued.data["id"]?.string.flatMap { ID<ReportRun>($0) })
            #expect(try await world.server.send("GET", "\(base)/runs/\(run)/download", token: world.owner).code == "report_not_ready")
            for _ in 0..<2 { try await world.reports.carryOut(run) }
            let files = Statement<Int>("select count(*) from files.files where purpose = 'report' and deleted_at is null")
            #expect(try await world.server.database.one(files) == 1)
            let told = Statement<Int>("select count(*) from notifications.notifications where type = 'email' and template_key = 'export_ready'")
            #expect(try await world.server.database.one(told) == 1)
            let mine = try await world.server.database.one(
                Statement<UUID>("select id from identity.users where email = 'owner@example.com'"))
            let copy = try JSONValue.decode(json: try await world.server.database.one(PersonalQueries.reports(mine)).bytes)
            #expect(copy["saved"]?[0]?["name"] == "Lamps" && copy["made"]?[0]?["status"] == "done")
            let next = try #require(Instant(saved.data["nextRunAt"]?.string ?? ""))
            world.server.clock.advance(by: next - world.server.clock.clock.now() + .seconds(1))
            let count = Statement<Int>("select count(*) from analytics.report_runs")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask(executorPreference: TestLoops.group.loops[0]) { try await world.reports.makeDue() } }
                try await group.waitForAll()
            }
            #expect(try await world.server.database.one(count) == 2)
            let due = try await world.server.database.one(
                Statement<ID<ReportRun>>("select id from analytics.report_runs where status = 'queued'"))
            try await world.server.database.execute(
                Command("update identity.grants set revoked_at = now() where user_id = (select id from identity.users where email = 'owner@example.com')"))
            try await world.reports.carryOut(due)
            let failed = try await world.server.database.one(Statement<String>("select error from analytics.report_runs where id = \(due)"))
            #expect(failed == "Its owner may not see it any more.")
            world.server.clock.advance(by: .days(91))
            try await world.reports.clean()
            #expect(try await world.server.database.one(count) == 0)
            // Who goes leaves no report that would be made again, and none that was.
            try await world.server.database.execute(
                Command(
                    """
                    insert into analytics.report_runs (id, created_at, updated_at, owner_id, kind, from_on, to_on, format)
                    values (\(UUID.v7()), now(), now(), \(mine), 'lamps', '2026-01-01', '2026-01-01', 'csv')
                    """))
            let parts = world.personal
            for _ in 0..<2 { try await TestLoops.run { for part in parts { try await part.erase(mine) } } }
            let kept = Statement<Int>("select count(*) from analytics.saved_reports")
            #expect(try await world.server.database.one(kept) == 0)
            #expect(try await world.server.database.one(count) == 0)
        }
    }

    @Test(arguments: [
        (ReportFrequency.daily, "2026-11-21T02:29:59Z", "2026-11-21T02:30:00.000Z"), (.daily, "2026-11-21T02:30:00Z", "2026-11-22T02:30:00.000Z"),
        (.weekly, "2026-11-21T12:00:00Z", "2026-11-23T02:30:00.000Z"), (.weekly, "2026-11-23T02:29:00Z", "2026-11-23T02:30:00.000Z"),
        (.monthly, "2026-11-01T02:30:00Z", "2026-12-01T02:30:00.000Z"), (.monthly, "2026-12-31T23:00:00Z", "2027-01-01T02:30:00.000Z"),
    ]) func schedulesComeAtHalfPastTwo(frequency: ReportFrequency, now: String, next: String) throws {
        #expect("\(frequency.next(after: try #require(Instant(now))))" == next)
    }

    @Test func periodsAreWholeDaysBefore() throws {
        let today = try #require(Day("2026-03-01"))
        for (period, from, to) in [
            (ReportPeriod.day, "2026-02-28", "2026-02-28"), (.days7, "2026-02-22", "2026-02-28"), (.month, "2026-02-01", "2026-02-28"),
        ] {
            let days = ReportConfig(period: period, from: nil, to: nil).days(on: today)
            #expect("\(days.from) \(days.to)" == "\(from) \(to)")
        }
    }
}
