import JSON
import Postgres
import Values

/// A schedule that is due, locked.
struct DueSchedule: Row {
    let key: String
    let rule: Schedule.Rule?
    let dueAt: Instant
    let now: Instant

    init(_ row: inout RowReader) throws {
        key = try row.next()
        rule = Schedule.Rule(cron: try row.next(), everySeconds: try row.next(), zone: try row.next())
        dueAt = try row.next()
        now = try row.next()
    }
}

/// A schedule as it stands.
package struct ScheduleRecord: Row, Sendable {
    package let key: String
    package let queue: String
    package let job: String
    package let data: JSONText
    package let cron: String?
    package let everySeconds: Int?
    package let timeZone: String
    package let isEnabled: Bool
    package let lastFiredFor: Instant?
    package let nextRunAt: Instant

    package init(_ row: inout RowReader) throws {
        key = try row.next()
        queue = try row.next()
        job = try row.next()
        data = try row.next()
        cron = try row.next()
        everySeconds = try row.next()
        timeZone = try row.next()
        isEnabled = try row.next()
        lastFiredFor = try row.next()
        nextRunAt = try row.next()
    }

    var rule: Schedule.Rule? { Schedule.Rule(cron: cron, everySeconds: everySeconds, zone: timeZone) }
}

extension Schedule.Rule {
    /// Nil for what is no rule.
    init?(cron: String?, everySeconds: Int?, zone: String) {
        if let everySeconds, everySeconds > 0 {
            self = .every(.seconds(everySeconds))
        } else if let cron = cron.flatMap({ Cron($0) }) {
            self = .cron(cron, zone: zone)
        } else {
            return nil
        }
    }
}
