import Postgres
import Values

/// A schedule that is due, locked.
struct DueSchedule: Row {
    let key: String
    let dueAt: Instant
    let now: Instant

    init(_ row: inout RowReader) throws {
        key = try row.next()
        dueAt = try row.next()
        now = try row.next()
    }
}

enum ScheduleQueries {
    /// A schedule as the program declares it. When its rule has changed it is due by the new one; whether it is enabled is
    /// the operators' to say.
    static func declare(_ schedule: Schedule, _ job: NewJob, next: Instant) -> Command {
        Command(
            """
            insert into jobs.schedules as known (key, queue, job, data, cron, every_seconds, time_zone, next_run_at)
            values (\(schedule.key), \(job.queue), \(job.name), \(job.data), \(schedule.rule.cron),
                \(schedule.rule.everySeconds), \(schedule.rule.zone), \(next))
            on conflict (key) do update set queue = excluded.queue, job = excluded.job, data = excluded.data,
                cron = excluded.cron, every_seconds = excluded.every_seconds, time_zone = excluded.time_zone,
                next_run_at = case
                    when (known.cron, known.every_seconds, known.time_zone)
                        is distinct from (excluded.cron, excluded.every_seconds, excluded.time_zone)
                    then excluded.next_run_at else known.next_run_at end
            """)
    }

    static func anyDue(_ keys: [String], now: SQL) -> Statement<Bool> {
        Statement(
            """
            select exists (select from jobs.schedules
                           where is_enabled and key = any(\(keys)::text[]) and next_run_at <= \(now))
            """)
    }

    /// Due schedules that no other instance is firing.
    static func due(_ keys: [String], now: SQL) -> Statement<DueSchedule> {
        Statement(
            """
            select key, next_run_at, \(now) from jobs.schedules
            where is_enabled and key = any(\(keys)::text[]) and next_run_at <= \(now)
            order by key for update skip locked
            """)
    }

    static func fired(_ key: String, for instant: Instant, next: Instant) -> Command {
        Command("update jobs.schedules set last_fired_for = \(instant), next_run_at = \(next) where key = \(key)")
    }

    static func present(_ now: SQL) -> Statement<Instant> { Statement("select \(now)") }

    /// What the wall clocks of a zone show at an instant.
    static func wallTime(at instant: Instant, in zone: String) -> Statement<WallTime> {
        Statement(
            """
            select wall::date, (extract(hour from wall) * 60 + extract(minute from wall))::int
            from (select \(instant) at time zone \(zone) as wall) as clock
            """)
    }

    /// When the wall clocks of a zone show a time: of an hour that is skipped, the moment as far after the change; of an
    /// hour that comes twice, the second.
    static func instant(of time: WallTime, in zone: String) -> Statement<Instant> {
        Statement("select (\(time.day)::date + make_interval(mins => \(time.minute))) at time zone \(zone)")
    }
}
