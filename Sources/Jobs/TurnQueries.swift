import Postgres
import Values

/// How jobs are taken from queues that have a rate or take turns: by one instance at a time, which holds the queue's row.
enum TurnQueries {
    /// Jobs of such a queue that are taken at once, at most: what is looked through grows with its square.
    static let batch = 20

    /// Those of the queues that have something to take. Served by `jobs_ready_idx`.
    static func ready(_ queues: [String]) -> Statement<String> {
        Statement(
            """
            select known.name from jobs.queues as known
            where known.name = any(\(queues)::text[]) and not known.is_paused
                and exists (select from jobs.jobs where queue = known.name and state = 'waiting')
            order by known.name
            """)
    }

    /// Waits for the other instances. What is taken afterwards, by a statement of its own, sees what they have taken.
    static func lock(_ queue: String) -> Statement<Bool> {
        Statement("select true from jobs.queues where name = \(queue) for no key update")
    }

    /// Leases the next jobs of a queue: by priority; within one, a job of each party in turn, beginning after the one that
    /// came last; of a party, the longest due. Of what is not critical no more than the rate leaves.
    static func take(
        _ queue: String, free: Int, token: UUID, now: SQL, leases: [ShortLease] = []
    ) -> Statement<LeasedJob> {
        Statement(
            """
            with recursive asked as materialized (
                select name, turns, rate_max, make_interval(secs => rate_window_ms / 60000.0) as slice,
                    rate_max - coalesce((
                        select sum(used) from jobs.rate_windows
                        where queue = known.name
                            and window_at > \(now) - make_interval(secs => rate_window_ms / 60000.0 * 61)), 0) as allowance
                from jobs.queues as known where name = \(queue) and not is_paused),
            \(parties(of: queue, free)),
            ranked as (
                select job.id, party.priority, party.key,
                    row_number() over (order by party.priority, job.round, party.place) as rank
                from parties as party
                cross join lateral (
                    select id, row_number() over (order by run_at, id) as round
                    from (select id, run_at from jobs.jobs
                          where queue = \(queue) and state = 'waiting' and priority = party.priority
                              and fairness_key = party.key
                          order by run_at, id limit \(free)) as earliest) as job
                where party.place > 0
                order by rank limit \(free)),
            chosen as materialized (
                select ranked.* from ranked cross join asked
                where ranked.priority = 1 or asked.rate_max is null or ranked.rank <= asked.allowance),
            turned as (
                select array_agg(coalesce(last.key, asked.turns[level.priority]) order by level.priority) as turns
                from asked
                cross join generate_series(1, 4) as level (priority)
                left join lateral (select key from chosen where chosen.priority = level.priority
                                   order by rank desc limit 1) as last on true),
            noted as (
                update jobs.queues as queue set turns = turned.turns from turned
                where queue.name = \(queue) and queue.turns <> turned.turns),
            taken as (
                update jobs.jobs as job set \(JobQueries.leased(token, now: now, leases))
                from chosen
                where job.id = chosen.id and job.state = 'waiting'
                returning \(JobQueries.leasedColumns)),
            counted as (
                insert into jobs.rate_windows as counted (queue, window_at, used)
                select asked.name, date_bin(asked.slice, \(now), timestamptz '2000-01-01Z'), count(*)
                from asked cross join taken
                where asked.rate_max is not null
                group by 1, 2
                on conflict (queue, window_at) do update set used = counted.used + excluded.used)
            select id, queue, name, data, priority, run_at, attempts_made, max_attempts, backoff_ms, trace_id, lock_token
            from taken
            """)
    }

    /// The parties that have jobs of a priority, from the one after the last on and around, each found by one look into
    /// the index; no more of them than there are places.
    private static func parties(of queue: String, _ free: Int) -> SQL {
        """
        parties (priority, key, place, has_wrapped) as (
            select level.priority, asked.turns[level.priority], 0, false
            from asked cross join generate_series(1, 4) as level (priority)
            union all
            select party.priority, next.key, party.place + 1, next.has_wrapped
            from parties as party
            cross join asked
            cross join lateral (
                (select fairness_key as key, party.has_wrapped as has_wrapped from jobs.jobs
                 where queue = \(queue) and state = 'waiting' and priority = party.priority
                     and fairness_key > party.key
                 order by fairness_key limit 1)
                union all
                (select fairness_key, true from jobs.jobs
                 where queue = \(queue) and state = 'waiting' and priority = party.priority and not party.has_wrapped
                 order by fairness_key limit 1)
                order by has_wrapped limit 1) as next
            where party.place < \(free) and (not next.has_wrapped or next.key <= asked.turns[party.priority]))
        """
    }

    /// Deletes the windows that are over. Served by the primary key.
    static func purge(now: SQL) -> Command {
        Command(
            """
            delete from jobs.rate_windows as past using jobs.queues as queue
            where queue.name = past.queue
                and past.window_at < \(now) - make_interval(secs => coalesce(queue.rate_window_ms, 0) / 1000.0 * 2)
            """)
    }
}
