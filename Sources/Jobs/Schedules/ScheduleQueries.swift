import Postgres
import Values

enum ScheduleQueries {
    /// A schedule as the program declares it, or as somebody adds it while it runs. When its rule has changed it is due by
    /// the new one; whether it is enabled is the operators' to say. What the program declares nobody else changes.
    static func declare(_ schedule: Schedule, _ job: NewJob, next: Instant, byProgram isDeclared: Bool) -> Command {
        Command(
            """
            insert into jobs.schedules as known (key, queue, job, data, priority, max_attempts, backoff_ms, cron,
                every_seconds, time_zone, is_declared, next_run_at)
            values (\(schedule.key), \(job.queue), \(job.name), \(job.data), \(job.priority.rawValue), \(job.attempts),
                \(job.backOff.inMilliseconds), \(schedule.rule.cron), \(schedule.rule.everySeconds),
                \(schedule.rule.zone), \(isDeclared), \(next))
            on conflict (key) do update set queue = excluded.queue, job = excluded.job, data = excluded.data,
                priority = excluded.priority, max_attempts = excluded.max_attempts, backoff_ms = excluded.backoff_ms,
                cron = excluded.cron, every_seconds = excluded.every_seconds, time_zone = excluded.time_zone,
                is_declared = excluded.is_declared,
                next_run_at = case
                    when (known.cron, known.every_seconds, known.time_zone)
                        is distinct from (excluded.cron, excluded.every_seconds, excluded.time_zone)
                    then excluded.next_run_at else known.next_run_at end
            where excluded.is_declared or not known.is_declared
            """)
    }

    static func remove(_ key: String) -> Command {
        Command("delete from jobs.schedules where key = \(key) and not is_declared")
    }

    // MARK: Firing

    static func anyDue(_ keys: [String], now: SQL) -> Statement<Bool> {
        Statement(
            """
            select exists (select from jobs.schedules
                           where is_enabled and (key = any(\(keys)::text[]) or not is_declared)
                               and next_run_at <= \(now))
            """)
    }

    /// Due schedules that no other instance is firing: those that this program declares, and those added while it runs.
    static func due(_ keys: [String], now: SQL) -> Statement<DueSchedule> {
        Statement(
            """
            select key, cron, every_seconds, time_zone, next_run_at, \(now) from jobs.schedules
            where is_enabled and (key = any(\(keys)::text[]) or not is_declared) and next_run_at <= \(now)
            order by key for update skip locked
            """)
    }

    /// Enqueues the job of a schedule unless the last one is unfinished (`jobs_dedupe_key`), and wakes the workers.
    static func enqueue(_ key: String, as id: ID<Job>, now: SQL) -> Statement<AddedJob> {
        Statement(
            """
            with added as (
                insert into jobs.jobs (id, queue, name, data, priority, state, run_at, max_attempts, backoff_ms,
                    dedupe_key, schedule_key, created_at)
                select \(id), queue, job, data, priority, 'waiting', \(now), max_attempts, backoff_ms,
                    'schedule:' || key, key, \(now)
                from jobs.schedules where key = \(key)
                on conflict (queue, dedupe_key)
                    where dedupe_key is not null and state in ('waiting', 'delayed', 'active') do nothing
                returning id, queue)
            select id, pg_notify(\(Jobs.channel), queue) is not null from added
            """)
    }

    static func fired(_ key: String, for instant: Instant, next: Instant) -> Command {
        Command("update jobs.schedules set last_fired_for = \(instant), next_run_at = \(next) where key = \(key)")
    }

    // MARK: Looking after them

    private static var columns: SQL {
        "key, queue, job, data, cron, every_seconds, time_zone, is_enabled, last_fired_for, next_run_at"
    }

    static func all() -> Statement<ScheduleRecord> {
        Statement("select \(columns) from jobs.schedules order by key")
    }

    static func locked(_ key: String) -> Statement<ScheduleRecord> {
        Statement("select \(columns) from jobs.schedules where key = \(key) for update")
    }

    static func enable(_ key: String, _ isEnabled: Bool, next: Instant) -> Command {
        Command("update jobs.schedules set is_enabled = \(isEnabled), next_run_at = \(next) where key = \(key)")
    }

    // MARK: Time

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
