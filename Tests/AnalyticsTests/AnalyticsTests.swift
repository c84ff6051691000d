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
@testable import Cache
@testable import Files

/// What is counted of a day, who sees it.
@Suite struct AnalyticsTests {
    @Test func aDayThatIsCountedAgainHasItsNewCounts() async throws {
        try await withAnalytics { world in
            AnalyticsWorld.lit.withLock { $0 = 3 }
            try await world.analytics.update()
            let today = world.server.clock.clock.now().day
            AnalyticsWorld.lit.withLock { $0 = 5 }
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

    /// 0-platform, 4.12: made before anybody asks, once for all who may see it, and anew when it has changed.
    @Test func howThePlatformStandsIsMadeBeforeItIsAskedFor() async throws {
        try await withAnalytics { world in
            try await world.analytics.update()
            for warmer in world.warmers { try await TestLoops.run { try await warmer.run() } }
            try await world.server.database.execute(
                Command("update analytics.daily_metrics set value = value + 1000 where metric = 'users.registered'"))
            try await world.server.database.execute(Command("update identity.users set source = 'warm'"))
            for caller in [world.analyst, world.owner] {
                let executive = try await world.get("/analytics/executive", as: caller)
                #expect(executive.field("x-cache") == "MISS" && executive.data["users"]?["current"] == 4, "\(executive.text)")
                #expect(try await world.get("/analytics/users", as: caller).data["sources"]?["warm"] == nil)
            }
            try await world.analytics.forget()
            #expect(try await world.get("/analytics/executive", as: world.analyst).data["users"]?["current"]?.int ?? 0 > 1000)
            #expect(try await world.get("/analytics/users", as: world.analyst).data["sources"]?["warm"] == 4)
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

    @Test func weeksBeginOnMonday() throws {
        let sunday = try #require(Day("2024-03-03")), monday = try #require(Day("2024-03-04"))
        #expect(FigureStep.week.first(of: sunday) == Day("2024-02-26") && FigureStep.week.first(of: monday) == monday)
        #expect(FigureStep.week.first(of: try #require(Day("1969-12-31"))) == Day("1969-12-29"))
    }
}
