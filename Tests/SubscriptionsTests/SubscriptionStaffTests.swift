import JSON
import Postgres
import Service
import Support
import Testing
import Values

@testable import Subscriptions

/// Plans, gifts and figures, which are the staff's.
@Suite struct SubscriptionStaffTests {
    @Test func staffMakePlansGiveDaysAndReadFigures() async throws {
        try await withSubscriptions { stage in
            let plans = "/admin/subscriptions/plans"
            let body: JSONValue = [
                "product": "news", "subscriberType": "user", "name": "Basic", "slug": "basic", "type": "basic",
                "prices": [["cycle": "monthly", "currency": "EUR", "amount": 30]],
            ]
            for (name, status) in [(nil, 401), ("reader", 403), ("seller", 201), ("seller", 409)] as [(String?, Int)] {
                #expect(try await stage.send("POST", plans, as: name, body).status == status, "\(name ?? "guest")")
            }
            for (member, value) in [("product", "cars"), ("prices", []), ("slug", "A B"), ("trialDays", 366)] as [(String, JSONValue)] {
                var members = body.object ?? []
                members.removeAll { $0.name == member }
                let answer = try await stage.send("POST", plans, as: "seller", .object(members + [(member, value)]))
                #expect(answer.refusedFields == [member], "\(answer.text)")
            }
            let offered = try await stage.send("GET", "/subscriptions/plans?product=news", as: nil)
            let plan = try #require(offered.data[0]?["id"]?.string)
            #expect(try await stage.send("GET", plans, as: "reader").status == 403)
            let id = try #require(try await stage.subscribe(plan).data["id"]?.string)
            for (name, status) in [(nil, 401), ("reader", 403), ("seller", 200)] as [(String?, Int)] {
                let extended = try await stage.send("POST", "/admin/subscriptions/\(id)/comp", as: name, ["days": 10, "reason": "sorry"])
                #expect(extended.status == status, "\(extended.text)")
            }
            let given = try await stage.get(id)
            #expect(given["status"] == "active" && given["payment"] == .null)
            for (name, status) in [(nil, 401), ("reader", 403), ("seller", 200)] as [(String?, Int)] {
                #expect(try await stage.send("POST", "/admin/subscriptions/\(id)/extend", as: name, ["days": 5]).status == status)
            }
            #expect(try await stage.send("POST", "/admin/subscriptions/\(id)/extend", as: "seller", ["days": 0]).refusedFields == ["days"])
            let end = try #require(Instant(given["periodEndAt"]?.string ?? ""))
            #expect(try await stage.get(id)["periodEndAt"]?.string == "\(end + .days(5))")
            #expect(try await stage.send("GET", "/admin/subscriptions?status=active", as: "seller").meta["total"] == 1)
            #expect(try await stage.send("GET", "/admin/subscriptions", as: "reader").status == 403)
            #expect(try await stage.send("GET", "/admin/subscriptions/analytics", as: "reader").status == 403)
            let figures = try await stage.send("GET", "/admin/subscriptions/analytics?product=news", as: "seller").data
            let euros = figures["currencies"]?[0]
            #expect(euros?["mrr"]?.number == 30 && euros?["arr"]?.number == 360 && euros?["arpu"]?.number == 30, "\(figures)")
            #expect(euros?["new"]?.number == 30 && figures["byPlan"]?[0]?["active"] == 1)
            #expect(try await stage.send("GET", plans, as: "seller").data[0]?["subscribers"] == 1)
            try await stage.server.checkMatching(
                MatchedChange("/api/v1\(plans)/\(plan)", by: "PUT", as: "seller", ["name": "Base"], ["isPopular": true]))
            #expect(try await stage.send("DELETE", "\(plans)/\(plan)", as: "reader").status == 403)
            #expect(try await stage.send("DELETE", "\(plans)/\(plan)", as: "seller").status == 204)
            #expect(try await stage.send("GET", "/subscriptions/plans", as: nil).data == [])
            #expect(try await stage.send("POST", "/subscriptions/subscribe", as: "stranger", ["planId": .string(plan)]).status == 404)
            let trail = try await stage.texts("select action from identity.audit_logs order by at, id")
            #expect(trail == ["plan_made", "subscription_comped", "subscription_extended", "plan_changed", "plan_changed", "plan_retired"])
        }
    }
}
