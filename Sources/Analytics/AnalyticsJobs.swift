import JSON
import Jobs
import Values

/// Which figure of which day is to be counted; left out: all, of yesterday and today.
struct UpdateMetrics: Shaped {
    let metric: String?
    let day: Day?

    static let shape = Shape(
        "UpdateMetrics", Self.init, Field("metric", { $0.metric }, .length(1...60)), Field("day", { $0.day }))
}

enum AnalyticsJobs {
    static let update = JobKind<UpdateMetrics>("update-platform-metrics", queue: "analytics", priority: .low)
    static let daily = JobKind<Empty>("generate-daily-report", queue: "analytics", priority: .low)
    static let weekly = JobKind<Empty>("generate-weekly-report", queue: "analytics", priority: .low)

    static func types(_ analytics: Analytics) -> [JobType] {
        [
            JobType(update) { work, _ in
                if let day = work.day { return try await analytics.update(work.metric, on: day) }
                try await analytics.update()
            },
            JobType(daily) { _, _ in
                let yesterday = analytics.clock.now().day.adding(days: -1)
                try await analytics.update(on: yesterday)
                try await analytics.report(DayRange(from: yesterday, to: yesterday), as: .dailyReport)
            },
            JobType(weekly) { _, _ in
                let yesterday = analytics.clock.now().day.adding(days: -1)
                try await analytics.report(.last(7, until: yesterday), as: .weeklyReport)
            },
        ]
    }

    /// 0-platform, 5.2.
    static let schedules = [
        Schedule("update-platform-metrics", update, UpdateMetrics(metric: nil, day: nil), .cron("5 * * * *")),
        Schedule("update-platform-metrics-of-yesterday", update, UpdateMetrics(metric: nil, day: nil), .cron("30 0 * * *")),
        Schedule("generate-daily-report", daily, Empty(), .cron("0 2 * * *")),
        Schedule("generate-weekly-report", weekly, Empty(), .cron("0 9 * * 1")),
    ]
    static let queues = [Queue("analytics", concurrency: 2, keep: .figures)]
}
