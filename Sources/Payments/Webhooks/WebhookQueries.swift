import Postgres
import Values

/// The SQL of the inbox.
enum WebhookQueries {
    /// Once per provider and event; no row for one that is there already, but for one of which nothing came: it is to be
    /// carried out anew.
    static func store(_ notice: WebhookNotice, provider: String, body: String, now: Instant) -> Statement<ID<WebhookEvent>> {
        Statement(
            """
            insert into payments.webhook_events (id, provider, event_id, type, object_kind, object_id, body, received_at)
            values (\(ID<WebhookEvent>.new()), \(provider), \(notice.eventID), \(notice.type),
                    \(notice.subject?.kind ?? "order"), \(notice.subject?.object), \(body), \(now))
            on conflict (provider, event_id) do update set status = 'received', processed_at = null
                where webhook_events.status = 'ignored'
            returning id
            """)
    }

    static func event(_ id: ID<WebhookEvent>) -> Statement<WebhookEvent> {
        Statement("select id, provider, type, object_kind, object_id, status from payments.webhook_events where id = \(id)")
    }

    static func done(_ id: ID<WebhookEvent>, _ status: WebhookEvent.Status, now: Instant) -> Command {
        Command(
            """
            update payments.webhook_events
               set status = \(status), processed_at = \(now), attempts = attempts + 1, error = null
             where id = \(id)
            """)
    }

    static func failed(_ id: ID<WebhookEvent>, _ error: String) -> Command {
        Command(
            """
            update payments.webhook_events set status = 'failed', attempts = attempts + 1, error = \(error)
             where id = \(id) and status in ('received', 'failed')
            """)
    }

    /// Those that were carried out before, a bounded number. Index `webhook_events_received`.
    static func purge(before: Instant) -> Command {
        Command(
            """
            delete from payments.webhook_events where id in (
                select id from payments.webhook_events
                 where received_at < \(before) and status in ('processed', 'ignored') order by received_at limit 1000)
            """)
    }
}
