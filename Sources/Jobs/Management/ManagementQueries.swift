import Postgres
import Values

/// What operators ask and do, statement by statement. `now` is a piece of SQL: see `JobClock`.
enum ManagementQueries {
    // MARK: Figures

    /// Counted by index: `jobs_ready_idx`, `jobs_delayed_idx`, `jobs_lapsed_idx`, `jobs_finished_idx`.
    static func stats(_ queue: String?) -> Statement<QueueStats> {
        Statement(
            """
            select \(counts) from jobs.queues as queue
            where \(queue)::text is null or queue.name = \(queue) order by queue.name
            """, .report)
    }

    private static var counts: SQL {
        """
        queue.name,
            (select count(*) from jobs.jobs where queue = queue.name and state = 'waiting') as waiting,
            (select count(*) from jobs.jobs where queue = queue.name and state = 'delayed') as delayed,
            (select count(*) from jobs.jobs where queue = queue.name and state = 'active') as active,
            (select count(*) from jobs.jobs
             where queue = queue.name and state = 'completed' and finished_at is not null) as completed,
            (select count(*) from jobs.jobs
             where queue = queue.name and state = 'failed' and finished_at is not null) as failed,
            queue.is_paused
        """
    }

    static func signs(now: SQL) -> Statement<QueueSigns> {
        Statement(
            """
            select \(counts), coalesce(hour.completed + hour.failed, 0), coalesce(hour.failed, 0),
                extract(epoch from \(now) - oldest.run_at)::int
            from jobs.queues as queue
            left join lateral (
                select sum(completed) as completed, sum(failed) as failed from jobs.tallies
                where queue = queue.name and minute_at > \(now) - interval '1 hour') as hour on true
            left join lateral (
                select min(run_at) as run_at from jobs.jobs
                where queue = queue.name and state = 'waiting') as oldest on true
            order by queue.name
            """, .report)
    }

    /// Served by the primary key.
    static func throughput(of queue: String?, minutes: Int, now: SQL) -> Statement<QueueMinute> {
        Statement(
            """
            select queue, minute_at, completed, failed from jobs.tallies
            where (\(queue)::text is null or queue = \(queue)) and minute_at > \(now) - make_interval(mins => \(minutes))
            order by minute_at, queue
            """)
    }

    /// Adds to what became of jobs in a minute. Queues that nobody has declared have no figures.
    static func tally(_ queues: [String], _ completed: [Int], _ failed: [Int], now: SQL) -> Command {
        Command(
            """
            insert into jobs.tallies as known (queue, minute_at, completed, failed)
            select added.queue, date_trunc('minute', \(now)), added.completed, added.failed
            from unnest(\(queues)::text[], \(completed)::int[], \(failed)::int[]) as added (queue, completed, failed)
            join jobs.queues as queue on queue.name = added.queue
            order by added.queue
            on conflict (queue, minute_at) do update
            set completed = known.completed + excluded.completed, failed = known.failed + excluded.failed
            """)
    }

    static func purgeTallies(now: SQL) -> Command {
        Command("delete from jobs.tallies where minute_at < \(now) - interval '1 day'")
    }

    // MARK: Jobs

    private static var columns: SQL {
        """
        id, queue, name, state, priority, data, progress, result, attempts_made, max_attempts, run_at, created_at,
            started_at, finished_at, failed_reason, errors, schedule_key, fairness_key, trace_id
        """
    }

    /// Index: jobs_pkey.
    static func job(_ id: ID<Job>, in queue: String) -> Statement<JobRecord> {
        Statement("select \(columns) from jobs.jobs where id = \(id) and queue = \(queue)")
    }

    /// Index: jobs_pkey.
    static func locked(_ id: ID<Job>, in queue: String) -> Statement<JobRecord> {
        Statement("select \(columns) from jobs.jobs where id = \(id) and queue = \(queue) for update")
    }

    static func exists(_ queue: String) -> Statement<Bool> {
        Statement("select exists (select from jobs.queues where name = \(queue))")
    }

    /// Served by `jobs_pkey` from its end, `jobs_lapsed_idx` and `jobs_finished_idx`.
    static func changes(since instant: Instant, limit: Int) -> Statement<JobChange> {
        Statement(
            """
            with changed as (
                select id, created_at as at
                from (select id, created_at from jobs.jobs order by id desc limit \(limit)) as newest
                where created_at > \(instant)
                union all
                select id, started_at from jobs.jobs where state = 'active' and started_at > \(instant)
                union all
                select job.id, job.finished_at
                from jobs.queues as queue
                cross join (values ('completed'), ('failed')) as ended (state)
                cross join lateral (
                    select id, finished_at from jobs.jobs
                    where queue = queue.name and state = ended.state and finished_at > \(instant)
                    order by finished_at limit \(limit)) as job),
            last as (
                select id, max(at) as at from changed group by id order by at, id limit \(limit))
            select job.id, job.queue, job.name, job.state, job.priority, job.attempts_made, last.at
            from last join jobs.jobs as job on job.id = last.id order by last.at, last.id
            """, .report)
    }

    /// Answers how the queues were.
    static func record(
        _ queues: [String], _ statuses: [String], _ messages: [String], now: SQL
    ) -> Statement<RecordedHealth> {
        Statement(
            """
            with before as materialized (
                select name, health ->> 'status' as status from jobs.queues
                where name = any(\(queues)::text[]) order by name for update),
            noted as (
                update jobs.queues as queue
                set health = jsonb_build_object('status', seen.status, 'message', seen.message), health_at = \(now)
                from unnest(\(queues)::text[], \(statuses)::text[], \(messages)::text[]) as seen (name, status, message)
                where queue.name = seen.name)
            select name, status from before
            """)
    }

    /// In the order that says most of a state: what is taken next, what is due next, what ended last, else the newest.
    /// Each has its index; where there is none (all states), `jobs_pkey` is gone through from its end.
    static func list(_ selection: JobSelection, after: ID<Job>?, limit: Int) -> Statement<JobRecord> {
        let (keys, direction, comparison): (SQL, SQL, SQL) =
            switch selection.state {
            case .waiting: ("priority, fairness_key, run_at, id", "", ">")
            case .delayed: ("run_at, id", "", ">")
            case .active: ("locked_until, id", "", ">")
            case .completed, .failed: ("finished_at, id", " desc", "<")
            case nil: ("id", " desc", "<")
            }
        let from: SQL = after.map { "and (\(keys)) \(comparison) (select \(keys) from jobs.jobs where id = \($0))" } ?? ""
        let order = ordered(selection.state, direction)
        return Statement(
            """
            select \(columns) from jobs.jobs where \(condition(selection)) \(from) order by \(order) limit \(limit)
            """, .report)
    }

    private static func ordered(_ state: JobState?, _ direction: SQL) -> SQL {
        switch state {
        case .waiting: "priority, fairness_key, run_at, id"
        case .delayed: "run_at, id"
        case .active: "locked_until, id"
        case .completed, .failed: "finished_at\(direction), id\(direction)"
        case nil: "id\(direction)"
        }
    }

    /// What a selection says, its age apart.
    private static func condition(_ selection: JobSelection) -> SQL {
        let state: SQL =
            switch selection.state {
            case nil: ""
            case .completed?: "and state = 'completed' and finished_at is not null"
            case .failed?: "and state = 'failed' and finished_at is not null"
            case .waiting?: "and state = 'waiting'"
            case .delayed?: "and state = 'delayed'"
            case .active?: "and state = 'active'"
            }
        let name: SQL = selection.name.map { "and name = \($0)" } ?? ""
        let text: SQL = selection.pattern.map { "and data::text ilike \($0)" } ?? ""
        return "queue = \(selection.queue) \(state) \(name) \(text)"
    }

    private static func old(_ selection: JobSelection, now: SQL) -> SQL {
        "coalesce(finished_at, created_at) <= \(now) - make_interval(secs => \(selection.olderThan.inSeconds))"
    }

    static func count(_ selection: JobSelection, limit: Int, now: SQL) -> Statement<Int> {
        Statement(
            """
            select count(*) from (
                select from jobs.jobs where \(condition(selection)) and \(old(selection, now: now)) limit \(limit)) as found
            """, .report)
    }

    /// Locked, without those that a worker is taking.
    static func chosen(_ selection: JobSelection, limit: Int, now: SQL) -> Statement<ID<Job>> {
        Statement(
            """
            select id from jobs.jobs where \(condition(selection)) and \(old(selection, now: now))
            order by finished_at, run_at, id limit \(limit) for update skip locked
            """, .report)
    }

    // MARK: Acting

    static func pause(_ queue: String, by user: UUID?) -> Command {
        Command("update jobs.queues set is_paused = true, paused_by = \(user) where name = \(queue)")
    }

    static func resume(_ queue: String) -> Statement<Bool> {
        Statement(
            """
            with resumed as (
                update jobs.queues set is_paused = false, paused_by = null where name = \(queue) returning name)
            select pg_notify(\(Jobs.channel), name) is not null from resumed
            """)
    }

    /// Of several with one key the first waits again, unless an unfinished job has it (`jobs_dedupe_key`).
    static func retry(_ ids: [ID<Job>], in queue: String, now: SQL) -> Statement<Bool> {
        Statement(
            """
            with asked as materialized (
                select distinct on (coalesce(dedupe_key, id::text)) id from jobs.jobs as job
                where id = any(\(ids)::uuid[]) and queue = \(queue) and state = 'failed'
                    and not exists (select from jobs.jobs as other
                                    where other.queue = job.queue and other.dedupe_key = job.dedupe_key
                                        and other.state in ('waiting', 'delayed', 'active'))
                order by coalesce(dedupe_key, id::text), id),
            retried as (
                update jobs.jobs as job
                set state = 'waiting', attempts_made = 0, run_at = \(now), finished_at = null, failed_reason = null,
                    progress = 0
                from asked where job.id = asked.id and job.state = 'failed'
                returning job.queue)
            select pg_notify(\(Jobs.channel), queue) is not null from retried
            """)
    }

    static func remove(_ ids: [ID<Job>], in queue: String) -> Command {
        Command("delete from jobs.jobs where id = any(\(ids)::uuid[]) and queue = \(queue) and state <> 'active'")
    }

    /// For the rest of the transaction.
    static func limitTime() -> Command { Command("set local statement_timeout = 2000") }
}
