import Payments
import Postgres
import Service
import Values

/// What this module's own reports are made of.
extension Analytics {
    var reports: [ReportKind] {
        [
            ReportKind("figures", title: "Figures by day", product: "platform", permission: "analytics:read") { days, _ in
                let rows = try await database.all(AnalyticsQueries.counted(from: days.from, to: days.to))
                if rows.count > ExportLimit.rows { throw HouseProblem.rangeTooLarge.problem }
                return ReportTable(
                    columns: [("day", false), ("figure", false), ("title", false), ("dimension", false), ("value", true)],
                    rows: rows.map { ["\($0.day)", $0.metric, title($0.metric), $0.dimension, "\($0.value)"] })
            },
            ReportKind("revenue", title: "Revenue", product: "payments", permission: "payments:read") { days, _ in
                let rows = try await revenue.revenue(from: days.from, to: days.to, .day, within: "true")
                return ReportTable(
                    columns: [
                        ("part", false), ("key", false), ("currency", false), ("amount", true), ("refunded", true), ("payments", true),
                    ],
                    rows: rows.map { row in
                        [
                            row.part.rawValue, row.key, row.currency.code, major(row.amount, row.currency),
                            major(row.refunded, row.currency), "\(row.payments)",
                        ]
                    })
            },
        ]
    }

    private func major(_ minor: Int64, _ currency: Currency) -> String {
        String(Money(minor: minor, currency: currency).description.prefix { $0 != " " })
    }
}

/// What was counted of a figure on a day.
struct DayCount: Row {
    let day: Day
    let metric: String
    let dimension: String
    let value: Int64

    init(_ row: inout RowReader) throws {
        day = try row.next()
        metric = try row.next()
        dimension = try row.next()
        value = try row.next()
    }
}
