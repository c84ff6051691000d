import Postgres
import Values

/// What is done to jobs, statement by statement. `now` is a piece of SQL: see `JobClock`.
enum JobQueries {
    /// Adds a job unless an unfinished one has its key (`jobs_dedupe_key`), and wakes the workers at the commit:
    /// PostgreSQL folds equal notifications of one transaction into one.
    static func add(_ job: NewJob, now: SQL) -> Statement<AddedJob> {
        let runAt: SQL = job.runAt.map { "\($0)" } ?? "\(now) + make_interval(secs => \(job.delay.inSeconds))"
        return Statement(
            """
            with added as (
                insert into jobs.jobs (id, queue, name, data, priority, state, run_at, max_attempts, backoff_ms,
                    dedupe_key, fairness_key, schedule_key, trace_id, created_at)
                select \(job.id), \(job.queue), \(job.name), \(job.data), \(job.priority.rawValue),
                    case when due.at <= due.now then 'waiting' else 'delayed' end, due.at, \(job.attempts),
                    \(job.backOff.inMilliseconds), \(job.dedupeKey), \(job.fairnessKey), \(job.scheduleKey),
                    \(job.traceID), due.now
                from (select \(runAt) as at, \(now) as now) as due
                on conflict (queue, dedupe_key)
                    where dedupe_key is not null and state in ('waiting', 'delayed', 'active') do nothing
                returning id, queue, state)
            select id, case when state = 'waiting' then pg_notify(\(Jobs.channel), queue) is not null else false end
            from added
            """)
    }

    /// Adds many of one kind; all are ready or due together.
    static func add(
        _ jobs: ArraySlice<NewJob>, like first: NewJob, after delay: Duration, fairness: String, now: SQL
    ) -> Statement<AddedJobs> {
        Statement(
            """
            with added as (
                insert into jobs.jobs (id, queue, name, data, priority, state, run_at, max_attempts, backoff_ms,
                    dedupe_key, fairness_key, created_at)
                select job.id, \(first.queue), \(first.name), job.data::jsonb, \(first.priority.rawValue),
                    \(delay > .zero ? JobState.delayed : .waiting), \(now) + make_interval(secs => \(delay.inSeconds)),
                    \(first.attempts), \(first.backOff.inMilliseconds), nullif(job.dedupe, ''), \(fairness), \(now)
                from unnest(\(jobs.map(\.id))::uuid[], \(jobs.map(\.data.string))::text[],
                    \(jobs.map { $0.dedupeKey ?? "" })::text[]) as job (id, data, dedupe)
                on conflict (queue, dedupe_key)
                    where dedupe_key is not null and state in ('waiting', 'delayed', 'active') do nothing
                returning state)
            select count(*), case when count(*) filter (where state = 'waiting') > 0
                then pg_notify(\(Jobs.channel), \(first.queue)) is not null else false end
            from added
            """)
    }

    /// Makes delayed jobs that are due ready. Served by `jobs_due_idx`.
    static func promote(now: SQL) -> Command {
        Command(
            """
            update jobs.jobs set state = 'waiting'
            where id in (select id from jobs.jobs where state = 'delayed' and run_at <= \(now)
                         order by run_at limit 1000 for update skip locked)
            """)
    }

    /// Brings back jobs whose worker let the lease lapse; the try counts. Served by `jobs_lapsed_idx`.
    static func rescue(now: SQL) -> Statement<RescuedJob> {
        Statement(
            """
            update jobs.jobs
            set state = case when attempts_made < max_attempts then 'waiting' else 'failed' end,
                failed_reason = case when attempts_made < max_attempts then null else \(JobFailure.leaseLapsed) end,
                finished_at = case when attempts_made < max_attempts then null else \(now) end,
                lock_token = null, locked_until = null,
                errors = \(errors(JobFailure.leaseLapsed, now: now))
            where id in (select id from jobs.jobs where state = 'active' and locked_until <= \(now)
                         order by locked_until limit 1000 for update skip locked)
            returning id, queue, name, data, state = 'failed'
            """)
    }

    /// Leases the next jobs of each queue, up to its free places: by priority, then the longest due. Rows that another
    /// worker is taking are passed over. Served by `jobs_ready_idx`; that keys come before instants in it means nothing
    /// here, where nobody has one. Queues with a rate or turns have a statement of their own, see `TurnQueries`.
    static func take(
        queues: [String], free: [Int], token: UUID, now: SQL, leases: [ShortLease] = []
    ) -> Statement<LeasedJob> {
        Statement(
            """
            with next as materialized (
                select job.id
                from unnest(\(queues)::text[], \(free)::int[]) as wanted (queue, free)
                join jobs.queues as queue on queue.name = wanted.queue and not queue.is_paused
                cross join lateral (
                    select id from jobs.jobs
                    where queue = wanted.queue and state = 'waiting'
                    order by priority, fairness_key, run_at, id
                    limit wanted.free
                    for update skip locked) as job)
            update jobs.jobs as job set \(leased(token, now: now, leases))
            from next
            where job.id = next.id
            returning \(leasedColumns)
            """)
    }

    /// Spares the transaction that it begins the wait for the disk. A server that crashes forgets that a job was taken: it
    /// waits again, and the token of whoever has it writes nothing.
    static func withoutWaiting() -> Statement<String> {
        Statement("select set_config('synchronous_commit', 'off', true)")
    }

    /// What becomes of a job's row when it is taken.
    static func leased(_ token: UUID, now: SQL, _ leases: [ShortLease]) -> SQL {
        """
        state = 'active', attempts_made = job.attempts_made + 1, lock_token = \(token),
            locked_until = \(now) + \(lease(leases)), started_at = \(now), progress = 0
        """
    }

    /// The columns of a `LeasedJob`.
    static var leasedColumns: SQL {
        """
        job.id, job.queue, job.name, job.data, job.priority, job.run_at, job.attempts_made, job.max_attempts,
            job.backoff_ms, job.trace_id, job.lock_token
        """
    }

    /// A minute, but for kinds that say otherwise.
    private static func lease(_ short: [ShortLease]) -> SQL {
        if short.isEmpty { return "interval '60 seconds'" }
        return """
            make_interval(secs => coalesce((
                select short.ms / 1000.0 from unnest(\(short.map(\.name))::text[], \(short.map(\.time.inMilliseconds))::bigint[])
                    as short (name, ms) where short.name = job.name), 60))
            """
    }

    /// Renews leases; answers those that were still held.
    static func renew(_ ids: [ID<Job>], _ tokens: [UUID], for times: [Duration], now: SQL) -> Statement<ID<Job>> {
        Statement(
            """
            update jobs.jobs as job set locked_until = \(now) + make_interval(secs => held.ms / 1000.0)
            from unnest(\(ids)::uuid[], \(tokens)::uuid[], \(times.map(\.inMilliseconds))::bigint[]) as held (id, token, ms)
            where job.id = held.id and job.lock_token = held.token
            returning job.id
            """)
    }

    /// Gives leases back, the tries uncounted.
    static func giveBack(_ ids: [ID<Job>], _ tokens: [UUID]) -> Command {
        Command(
            """
            update jobs.jobs as job
            set state = 'waiting', attempts_made = job.attempts_made - 1, lock_token = null, locked_until = null
            from unnest(\(ids)::uuid[], \(tokens)::uuid[]) as held (id, token)
            where job.id = held.id and job.lock_token = held.token
            """)
    }

    /// Writes down successes; answers those whose lease was still held.
    static func complete(_ jobs: [RunningJob], now: SQL) -> Statement<ID<Job>> {
        Statement(
            """
            update jobs.jobs as job
            set state = 'completed', finished_at = \(now), progress = 100, result = nullif(done.result, '')::jsonb,
                lock_token = null, locked_until = null
            from unnest(\(jobs.map(\.job.id))::uuid[], \(jobs.map(\.job.token))::uuid[],
                \(jobs.map { $0.result?.string ?? "" })::text[]) as done (id, token, result)
            where job.id = done.id and job.lock_token = done.token
            returning job.id
            """)
    }

    static func fail(_ job: LeasedJob, _ reason: String, now: SQL) -> Command {
        Command(
            """
            update jobs.jobs
            set state = 'failed', finished_at = \(now), failed_reason = \(reason), lock_token = null,
                locked_until = null, errors = \(errors(reason, now: now))
            where id = \(job.id) and lock_token = \(job.token)
            """)
    }

    static func retry(_ job: LeasedJob, after delay: Duration, _ reason: String, now: SQL) -> Command {
        Command(
            """
            update jobs.jobs
            set state = 'delayed', run_at = \(now) + make_interval(secs => \(delay.inSeconds)), lock_token = null,
                locked_until = null, errors = \(errors(reason, now: now))
            where id = \(job.id) and lock_token = \(job.token)
            """)
    }

    static func snooze(_ job: LeasedJob, for delay: Duration, now: SQL) -> Command {
        Command(
            """
            update jobs.jobs
            set state = 'delayed', run_at = \(now) + make_interval(secs => \(delay.inSeconds)),
                attempts_made = attempts_made - 1, lock_token = null, locked_until = null
            where id = \(job.id) and lock_token = \(job.token)
            """)
    }

    static func progress(_ job: LeasedJob, _ percent: Int) -> Command {
        Command("update jobs.jobs set progress = \(percent) where id = \(job.id) and lock_token = \(job.token)")
    }

    // MARK: Taking back

    /// Index: jobs_pkey.
    static func withdraw(_ id: ID<Job>) -> Command {
        Command("delete from jobs.jobs where id = \(id) and state in ('waiting', 'delayed')")
    }

    /// Makes the present try the last, and tells whoever carries it out. Index: jobs_pkey.
    static func endSoon(_ id: ID<Job>) -> Statement<Bool> {
        Statement(
            """
            with ending as (
                update jobs.jobs set max_attempts = attempts_made where id = \(id) and state = 'active' returning id)
            select pg_notify(\(Jobs.cancellations), id::text) is not null from ending
            """)
    }

    /// Index: jobs_dedupe_key.
    static func unfinished(_ queue: String, dedupe key: String) -> Statement<ID<Job>> {
        Statement(
            """
            select id from jobs.jobs
            where queue = \(queue) and dedupe_key = \(key) and state in ('waiting', 'delayed', 'active')
            """)
    }

    // MARK: Upkeep

    /// Deletes finished jobs of a queue that nobody will ask for. Served by `jobs_finished_idx`.
    ///
    /// - Parameter count: of the newest, that are kept at most; nil for any number.
    static func purge(_ queue: String, _ state: JobState, after kept: Duration, beyond count: Int?, now: SQL) -> Command {
        Command(
            """
            delete from jobs.jobs
            where id in (select id from jobs.jobs
                         where queue = \(queue) and state = \(state) and finished_at is not null
                             and finished_at < greatest(\(now) - make_interval(secs => \(kept.inSeconds)), (
                                 select finished_at from jobs.jobs
                                 where \(count)::int is not null and queue = \(queue) and state = \(state)
                                     and finished_at is not null
                                 order by finished_at desc offset \(max(0, (count ?? 1) - 1)) limit 1))
                         order by finished_at limit 1000 for update skip locked)
            """)
    }

    /// A queue as the program declares it; whether it is paused is the operators' to say.
    static func declare(_ queue: Queue) -> Command {
        Command(
            """
            insert into jobs.queues as known (name, concurrency, keep, rate_max, rate_window_ms)
            values (\(queue.name), \(queue.concurrency), jsonb_build_object(
                'completedSeconds', \(Int(queue.keep.completed.inSeconds))::int,
                'completedCount', \(queue.keep.completedCount)::int,
                'failedSeconds', \(Int(queue.keep.failed.inSeconds))::int),
                \(queue.rate?.limit), \(queue.rate?.window.inMilliseconds))
            on conflict (name) do update set concurrency = excluded.concurrency, keep = excluded.keep,
                rate_max = excluded.rate_max, rate_window_ms = excluded.rate_window_ms
            where (known.concurrency, known.keep, known.rate_max, known.rate_window_ms)
                is distinct from (excluded.concurrency, excluded.keep, excluded.rate_max, excluded.rate_window_ms)
            """)
    }

    /// The last five errors of a job, this one included.
    private static func errors(_ reason: String, now: SQL) -> SQL {
        """
        case when jsonb_array_length(errors) >= 5 then errors - 0 else errors end
            || jsonb_build_object('attempt', attempts_made, 'at', \(now), 'message', \(reason)::text)
        """
    }
}

/// How long jobs of a kind are leased whose end is not to be waited for.
struct ShortLease: Sendable {
    let name: String
    let time: Duration
}
