import Postgres
import Values

/// The SQL of what providers tell, and of addresses that nothing is sent to.
enum DeliveryQueries {
    /// The ids of those that were not heard before (webhook_events_pkey).
    static func hear(_ events: [String], from provider: String, at now: Instant) -> Statement<String> {
        Statement(
            """
            insert into notifications.webhook_events (provider, event_id, received_at)
            select \(provider), event_id, \(now) from unnest(\(events)::text[]) as heard (event_id)
            on conflict (provider, event_id) do nothing
            returning event_id
            """)
    }

    /// What became of messages, one report each. A message whose taking we have not noted yet was taken all the same; what
    /// was delivered may still come back. Answers the ids of those that changed.
    static func apply(_ reports: [DeliveryReport], from provider: String, at now: Instant) -> Statement<ID<Notification>> {
        Statement(
            """
            update notifications.notifications as n
            set status = report.status, updated_at = \(now), provider = coalesce(n.provider, \(provider)),
                sent_at = coalesce(n.sent_at, least(report.at, \(now))),
                delivered_at = case when report.status = 'delivered' then least(report.at, \(now)) else n.delivered_at end,
                failed_at = case when report.status = 'delivered' then null else least(report.at, \(now)) end,
                error = report.reason, secret_enc = null
            from unnest(\(each: reports, \.notificationID)::uuid[], \(each: reports, \.status.rawValue)::text[],
                        \(each: reports, { $0.reason.map { String($0.unicodeScalars.prefix(500)) } ?? "" })::text[],
                        \(each: reports, { $0.at ?? now })::timestamptz[]) as told (id, status, reason, at)
            cross join lateral (select told.id, told.status, nullif(told.reason, '') as reason, told.at) as report
            where n.id = report.id and n.type <> 'in_app'
                and (n.status in ('pending', 'sent') or n.status = 'delivered' and report.status in ('failed', 'bounced'))
            returning n.id
            """)
    }

    /// Messages by the provider's own names of them. Served by `notifications_external_id_idx`.
    static func messages(of provider: String, _ externals: [String]) -> Statement<ExternalMessage> {
        Statement(
            """
            select id, external_id from notifications.notifications
            where external_id = any(\(externals)::text[]) and provider = \(provider)
            """)
    }

    /// Short messages that a provider took and of which nothing was heard, those first that were asked after longest ago.
    /// Served by `notifications_asked_idx`.
    static func unheard(of provider: String, askedBefore instant: Instant, sentAfter oldest: Instant) -> Statement<ExternalMessage> {
        Statement(
            """
            select id, external_id from notifications.notifications
            where provider = \(provider) and type = 'sms' and status = 'sent' and external_id is not null
                and coalesce(asked_at, sent_at) >= \(oldest) and coalesce(asked_at, sent_at) < \(instant) and sent_at >= \(oldest)
            order by coalesce(asked_at, sent_at) limit 50
            """)
    }

    static func asked(_ ids: [ID<Notification>], at now: Instant) -> Command {
        Command("update notifications.notifications set asked_at = \(now) where id = any(\(ids)::uuid[])")
    }

    /// Nothing is sent any more to the addresses of these messages.
    static func suppress(_ ids: [ID<Notification>], because reasons: [String], at now: Instant) -> Command {
        Command(
            """
            insert into notifications.suppressions (address, channel, reason, created_at)
            select distinct on (lower(n.recipient), n.type) lower(n.recipient), n.type, told.reason, \(now)
            from unnest(\(ids)::uuid[], \(reasons)::text[]) as told (id, reason)
            join notifications.notifications n on n.id = told.id
            on conflict (address, channel) do nothing
            """)
    }

    static func suppress(
        _ address: String, _ channel: NotificationType, _ reason: SuppressionReason, at now: Instant
    ) -> Command {
        Command(
            """
            insert into notifications.suppressions (address, channel, reason, created_at)
            values (\(address.lowercased()), \(channel), \(reason), \(now))
            on conflict (address, channel) do nothing
            """)
    }

    /// Why nothing is sent to an address (suppressions_pkey).
    static func suppression(of address: String, _ channel: NotificationType) -> Statement<String> {
        Statement(
            """
            select reason from notifications.suppressions where address = \(address.lowercased()) and channel = \(channel)
            """)
    }

    /// Served by `webhook_events_received_at_idx`.
    static func purgeEvents(before: Instant) -> Command {
        Command(
            """
            delete from notifications.webhook_events
            where (provider, event_id) in (select provider, event_id from notifications.webhook_events
                                           where received_at < \(before) order by received_at limit 1000)
            """)
    }
}
