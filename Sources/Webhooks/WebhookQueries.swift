import Postgres
import Service
import Values

/// The SQL of `webhooks`.
enum WebhookQueries {
    private static let endpoint: SQL = """
        e.id, e.created_at, e.updated_at, e.scope_type, e.scope_id, e.url, e.description, e.events, e.secret_enc,
        e.previous_secret_enc, e.previous_until, e.status, e.failing_since
        """
    private static let delivery: SQL = """
        d.id, d.created_at, d.updated_at, d.endpoint_id, d.message_id, d.event, d.body, d.attempt, d.status,
        d.response_status, d.error, d.next_attempt_at
        """

    // MARK: Endpoints

    /// - Parameter within: where the caller reaches, as a condition on `e`.
    static func list(_ status: Endpoint.Status?, within: SQL, _ page: PageRequest) -> Statement<Endpoint> {
        let order: SQL = page.isDescending ? "e.id desc" : "e.id"
        return Statement(
            """
            select \(endpoint) from webhooks.endpoints e where \(matching(status, within))
            order by \(order) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ status: Endpoint.Status?, within: SQL) -> Statement<Int> {
        Statement("select count(*) from webhooks.endpoints e where \(matching(status, within))")
    }

    private static func matching(_ status: Endpoint.Status?, _ within: SQL) -> SQL {
        guard let status else { return within }
        return "\(within) and e.status = \(status)"
    }

    /// endpoints_scope_idx
    static func count(in scope: Scope) -> Statement<Int> {
        Statement(
            """
            select count(*) from webhooks.endpoints
            where scope_type = \(scope.type.name) and scope_id is not distinct from \(scope.id)
            """)
    }

    static func find(_ id: ID<Endpoint>) -> Statement<Endpoint> {
        Statement("select \(endpoint) from webhooks.endpoints e where e.id = \(id)")
    }

    static func lock(_ id: ID<Endpoint>) -> Statement<Endpoint> {
        Statement("select \(endpoint) from webhooks.endpoints e where e.id = \(id) for update")
    }

    /// Those that are told of an event in one of these scopes, or of the platform's.
    static func subscribed(to event: String, in path: ScopePath) -> Statement<Endpoint> {
        let types = path.map(\.type.name)
        let ids = path.compactMap(\.id)
        return Statement(
            """
            select \(endpoint) from webhooks.endpoints e
            where e.status = 'active' and (\(event) = any(e.events) or '*' = any(e.events))
                and (e.scope_type = 'platform' or (e.scope_type, e.scope_id) in (
                    select s.type, s.id from unnest(\(types)::text[], \(ids)::uuid[]) s (type, id)))
            order by e.id
            """)
    }

    static func insert(_ new: Endpoint) -> Command {
        Command(
            """
            insert into webhooks.endpoints (id, created_at, updated_at, scope_type, scope_id, url, description, events,
                secret_enc, status)
            values (\(new.id), \(new.createdAt), \(new.updatedAt), \(new.scope.type.name), \(new.scope.id), \(new.url),
                \(new.description), \(new.events), \(new.secret), \(new.status))
            """)
    }

    static func save(_ changed: Endpoint) -> Command {
        Command(
            """
            update webhooks.endpoints set updated_at = \(changed.updatedAt), url = \(changed.url),
                description = \(changed.description), events = \(changed.events), secret_enc = \(changed.secret),
                previous_secret_enc = \(changed.previousSecret), previous_until = \(changed.previousUntil),
                status = \(changed.status), failing_since = \(changed.failingSince)
            where id = \(changed.id)
            """)
    }

    static func delete(_ id: ID<Endpoint>) -> Command { Command("delete from webhooks.endpoints where id = \(id)") }

    // MARK: Deliveries

    static func insert(_ new: [Delivery]) -> Command {
        Command(
            """
            insert into webhooks.deliveries (id, created_at, updated_at, endpoint_id, message_id, event, body, attempt,
                status, next_attempt_at)
            select n.id, n.at, n.at, n.endpoint_id, n.message_id, n.event, n.body, 0, 'pending', n.at
            from unnest(\(each: new, \.id)::uuid[], \(each: new, \.createdAt)::timestamptz[],
                \(each: new, \.endpoint)::uuid[], \(each: new, \.messageID)::uuid[], \(each: new, \.event)::text[],
                \(each: new, \.body)::text[]) n (id, at, endpoint_id, message_id, event, body)
            """)
    }

    /// deliveries_endpoint_idx, the newest first.
    static func feed(of endpoint: ID<Endpoint>, _ filter: DeliveryFilter, after: ID<Delivery>?, limit: Int)
        -> Statement<Delivery>
    {
        var condition: SQL = "d.endpoint_id = \(endpoint)"
        if let after { condition = "\(condition) and d.id < \(after)" }
        if let status = filter.status { condition = "\(condition) and d.status = \(status)" }
        if let event = filter.event { condition = "\(condition) and d.event = \(event)" }
        return Statement(
            "select \(delivery) from webhooks.deliveries d where \(condition) order by d.id desc limit \(limit)")
    }

    static func delivery(_ id: ID<Delivery>) -> Statement<Delivery> {
        Statement("select \(delivery) from webhooks.deliveries d where d.id = \(id)")
    }

    static func lock(_ id: ID<Delivery>) -> Statement<Delivery> {
        Statement("select \(delivery) from webhooks.deliveries d where d.id = \(id) for update")
    }

    static func save(_ changed: Delivery) -> Command {
        Command(
            """
            update webhooks.deliveries set updated_at = \(changed.updatedAt), attempt = \(changed.attempt),
                status = \(changed.status), response_status = \(changed.responseStatus), error = \(changed.error),
                next_attempt_at = \(changed.nextAttemptAt)
            where id = \(changed.id)
            """)
    }

    /// deliveries_age_idx, some at a time.
    static func purge(before: Instant) -> Command {
        Command(
            """
            delete from webhooks.deliveries where id in (
                select id from webhooks.deliveries where created_at < \(before) and status <> 'pending'
                order by created_at limit 1000)
            """)
    }
}
