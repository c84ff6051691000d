import Postgres
import Values

/// The SQL of `identity.attempt_windows`. All of it is exact under any number of simultaneous sign-ins, on any number of
/// instances: an attempt is counted before the password is looked at, and taken back when it was right.
enum AttemptQueries {
    /// Counts an attempt on each key that is neither locked nor full; keys not returned refuse it. A window or lock that
    /// is over begins anew.
    static func count(_ limits: [AttemptLimit], at now: Instant) -> Statement<AttemptKey> {
        Statement(
            """
            insert into identity.attempt_windows as w (key, window_at, failures)
            select key, \(now), 1 from unnest(\(limits.map(\.key))::text[]) with ordinality as k (key, place) order by place
            on conflict (key) do update set
                failures = case when coalesce(w.locked_until, w.window_at + interval '15 minutes') <= \(now)
                    then 1 else w.failures + 1 end,
                window_at = case when coalesce(w.locked_until, w.window_at + interval '15 minutes') <= \(now)
                    then \(now) else w.window_at end,
                locked_until = null
            where coalesce(w.locked_until, w.window_at + interval '15 minutes') <= \(now)
                or (w.locked_until is null
                    and w.failures < (\(limits.map(\.failures))::int[])[array_position(\(limits.map(\.key))::text[], w.key)])
            returning w.key
            """)
    }

    /// The attempt was wrong: what is full now is locked.
    static func lockFull(_ limits: [AttemptLimit], at now: Instant) -> Command {
        Command(
            """
            update identity.attempt_windows w set locked_until = \(now + AttemptLimit.lock)
            from (
                select a.key, k.failures from unnest(\(limits.map(\.key))::text[], \(limits.map(\.failures))::int[])
                    as k (key, failures)
                join identity.attempt_windows a on a.key = k.key order by a.key for update of a
            ) as l
            where w.key = l.key and w.failures >= l.failures and w.locked_until is null
            """)
    }

    /// Takes attempts back that were right or came to nothing.
    static func takeBack(_ keys: [String]) -> Command {
        Command(
            """
            update identity.attempt_windows w set failures = w.failures - 1
            from (select key from identity.attempt_windows where key = any(\(keys)::text[]) order by key for update) as l
            where w.key = l.key and w.failures > 0 and w.locked_until is null
            """)
    }

    /// A right password forgives what went before it on the same network.
    static func forgive(_ key: String) -> Command {
        Command("delete from identity.attempt_windows where key = \(key) and locked_until is null")
    }

    /// Until when the locks of these keys hold.
    static func lockedUntil(_ keys: [String]) -> Statement<AttemptLockEnd> {
        Statement(
            "select max(locked_until) from identity.attempt_windows where key = any(\(keys)::text[])")
    }

    /// attempt_windows_window_at_idx
    static func purge(before: Instant) -> Command {
        Command(
            """
            delete from identity.attempt_windows
            where window_at < \(before) and (locked_until is null or locked_until < \(before))
            """)
    }
}

/// A key on which an attempt was counted.
struct AttemptKey: Row {
    let key: String

    init(_ row: inout RowReader) throws {
        key = try row.next()
    }
}

/// The end of the longest lock, if there is any.
struct AttemptLockEnd: Row {
    let at: Instant?

    init(_ row: inout RowReader) throws {
        at = try row.next()
    }
}
