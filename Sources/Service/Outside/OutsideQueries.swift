import Postgres
import Values

/// What is known of the health of a service.
struct OutsideHealth: Row {
    let state: CircuitBreaker.State
    let openedAt: Instant?

    init(_ row: inout RowReader) throws {
        state = try row.next()
        openedAt = try row.next()
    }
}

/// The SQL of the breakers that instances share.
enum OutsideQueries {
    static func health(of service: String) -> Statement<OutsideHealth> {
        Statement("select state, opened_at from api.outside_health where service = \(service)")
    }

    /// Touches one row for one of all that try at once: the second finds the trial begun.
    static func tryAgain(_ service: String, now: Instant) -> Command {
        Command(
            """
            update api.outside_health set state = 'half_open', opened_at = \(now)
             where service = \(service) and state <> 'closed'
               and opened_at <= \(now - SharedBreaker.rest)
            """)
    }

    /// Notes a failure. With the fifth within the window the service is left alone: answers whether it was this one.
    static func failed(_ service: String, now: Instant) -> Statement<Bool> {
        Statement(
            """
            insert into api.outside_health as h (service, state, failures)
            values (\(service), 'closed', array[\(now)::timestamptz])
            on conflict (service) do update set
                failures = \(recent(now)),
                state = case when \(isLast(now)) then 'open' else h.state end,
                opened_at = case when \(isLast(now)) then \(now)::timestamptz else h.opened_at end
            returning state = 'open' and opened_at = \(now)::timestamptz
            """)
    }

    /// The trial failed: another minute.
    static func failedTrial(_ service: String, now: Instant) -> Statement<Bool> {
        Statement(
            """
            update api.outside_health set state = 'open', opened_at = \(now)
             where service = \(service) and state = 'half_open' returning true
            """)
    }

    static func recovered(_ service: String) -> Command {
        Command(
            "update api.outside_health set state = 'closed', opened_at = null, failures = '{}' where service = \(service)")
    }

    /// The failures within the window, this one included, the newest last; never more than count.
    private static func recent(_ now: Instant) -> SQL {
        """
        (select (array_agg(f order by f desc))[1:\(SharedBreaker.failures)::int]
           from unnest(h.failures || \(now)::timestamptz) f
          where f > \(now - SharedBreaker.window)::timestamptz)
        """
    }

    private static func isLast(_ now: Instant) -> SQL {
        "h.state = 'closed' and cardinality(\(recent(now))) >= \(SharedBreaker.failures)"
    }
}

extension OutsideQueries {
    static var samples: [StatementSample] {
        [
            StatementSample("outside: health", health(of: "")),
            StatementSample("outside: try again", tryAgain("", now: .distantFuture)),
            StatementSample("outside: failed", failed("", now: .distantFuture)),
            StatementSample("outside: failed trial", failedTrial("", now: .distantFuture)),
            StatementSample("outside: recovered", recovered("")),
        ]
    }
}
