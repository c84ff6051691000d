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

/// Reports: mailed by themselves, saved, made by jobs.
@Suite struct ReportTests {
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
