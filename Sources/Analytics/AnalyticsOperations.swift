import JSON
import Service

/// Figures, for staff.
struct AnalyticsOperations {
    let analytics: Analytics

    private static let tag = "Analytics"
    private static let lifetime = Duration.seconds(300)

    var all: [Operation] { [executive, revenue, users, dashboard, metrics, metric] }

    private var executive: Operation {
        Operation.get(
            "/api/v1/analytics/executive", "getExecutiveAnalytics", "How the platform stands", tag: Self.tag,
            who: .permission("analytics:read"), answer: Standing<ExecutiveView>.self
        ) { [analytics] call in
            try call.caller.requirePlatform("analytics:read")
            return try await analytics.platform()
        }.cached(as: "admin:analytics:executive", for: Self.lifetime)
    }

    private var revenue: Operation {
        Operation.get(
            "/api/v1/analytics/revenue", "getRevenueAnalytics", "What came in less what went back", tag: Self.tag,
            who: .permission("analytics:read"), problems: [AnalyticsProblem.scopeUnknown], query: RevenueFilter.self,
            answer: RevenueView.self
        ) { [analytics] call, filter in
            try await analytics.revenue(filter, for: call.caller)
        }.cached(as: "admin:analytics:revenue", for: Self.lifetime)
    }

    private var users: Operation {
        Operation.get(
            "/api/v1/analytics/users", "getUserAnalytics", "How accounts stand", tag: Self.tag,
            who: .permission("analytics:read"), answer: Standing<UserAnalytics>.self
        ) { [analytics] call in
            try call.caller.requirePlatform("analytics:read")
            return try await analytics.accounts()
        }.cached(as: "admin:analytics:users", for: Self.lifetime)
    }

    private var dashboard: Operation {
        Operation.get(
            "/api/v1/analytics/dashboard", "getDashboard", "What the products show of a scope", tag: Self.tag,
            who: .permission("analytics:read"), problems: [AnalyticsProblem.scopeRequired, AnalyticsProblem.scopeUnknown],
            query: DashboardFilter.self, answer: DashboardView.self
        ) { [analytics] call, filter in
            try await analytics.dashboard(filter, for: call.caller)
        }
    }

    private var metrics: Operation {
        Operation.get(
            "/api/v1/admin/analytics/metrics", "listMetrics", "The figures that are counted by day", tag: Self.tag,
            who: .permission("analytics:read"), answer: [FigureView].self
        ) { [analytics] call in
            try call.caller.requirePlatform("analytics:read")
            return analytics.figures.sorted { $0.name < $1.name }.map { FigureView(figure: $0) }
        }
    }

    private var metric: Operation {
        Operation.get(
            "/api/v1/admin/analytics/metrics/{name}", "getMetric", "One figure over time", tag: Self.tag,
            who: .permission("analytics:read"), query: MetricFilter.self, answer: MetricSeries.self
        ) { [analytics] call, filter in
            try call.caller.requirePlatform("analytics:read")
            return try await analytics.series(call.text("name"), filter)
        }.cached(as: "admin:analytics:metrics", for: Self.lifetime)
    }
}
