import JSON
import Postgres
import Service
import Values

/// One message of a broadcast to one address.
struct AddressedMessage: Sendable {
    let id: ID<Notification>
    let type: NotificationType
    let user: UUID
    let recipient: String
    /// When the person's quiet ends; nil for at once.
    let from: Instant?
}

/// The SQL of broadcasts.
enum BroadcastQueries {
    static func insert(
        _ id: ID<Broadcast>, _ broadcast: NewBroadcast, total: Int, by user: UUID, at now: Instant
    ) -> Command {
        let type: String? = broadcast.scopeID == nil ? nil : broadcast.scopeType
        return Command(
            """
            insert into notifications.broadcasts (id, created_at, updated_at, scope_type, scope_id, audience, category, title, body,
                channels, status, total, created_by, scheduled_for)
            values (\(id), \(now), \(now), \(type), \(broadcast.scopeID),
                \(JSONText(encoding: broadcast.audience ?? Audience())), \(broadcast.category), \(broadcast.title),
                \(broadcast.body), \(broadcast.channels.map(\.rawValue)), \(total == 0 ? "done" : "queued"), \(total), \(user),
                \(broadcast.scheduledFor))
            """)
    }

    static func insert(_ people: [UUID], of id: ID<Broadcast>) -> Command {
        Command(
            """
            insert into notifications.broadcast_recipients (broadcast_id, position, user_id)
            select \(id), place - 1, person from unnest(\(people)::uuid[]) with ordinality as p (person, place)
            """)
    }

    /// Those of a part who have not been told: each is taken once. broadcast_recipients_pkey
    static func take(_ part: BroadcastPart) -> Statement<UUID> {
        Statement(
            """
            update notifications.broadcast_recipients set is_taken = true
            where broadcast_id = \(part.broadcastID) and position >= \(part.from) and position < \(part.from + part.count)
                and not is_taken
            returning user_id
            """)
    }

    static func text(of id: ID<Broadcast>) -> Statement<BroadcastText> {
        Statement("select category, title, body, channels, scope_type, scope_id from notifications.broadcasts where id = \(id)")
    }

    /// Done once everybody has been taken.
    static func count(_ id: ID<Broadcast>, sent: Int, skipped: Int, at now: Instant) -> Command {
        Command(
            """
            update notifications.broadcasts
            set sent = sent + \(sent), skipped = skipped + \(skipped), updated_at = \(now),
                status = case when sent + skipped + \(sent + skipped) = total then 'done' else 'sending' end
            where id = \(id)
            """)
    }

    /// The same words to many.
    static func insert(
        _ messages: [AddressedMessage], of id: ID<Broadcast>, _ text: BroadcastText, at now: Instant
    ) -> Command {
        Command(
            """
            insert into notifications.notifications (id, created_at, updated_at, group_id, user_id, scope_type, scope_id, type,
                category, priority, status, recipient, subject, body, sent_at, delivered_at, broadcast_id)
            select m.id, \(now), \(now), \(id), m.person, \(text.scope?.type.name), \(text.scope?.id), m.type,
                \(text.category), 4, case when m.type = 'in_app' then 'delivered' else 'pending' end, m.recipient,
                \(text.title), \(text.body), case when m.type = 'in_app' then \(now)::timestamptz end,
                case when m.type = 'in_app' then \(now)::timestamptz end, \(id)
            from unnest(\(each: messages, \.id)::uuid[], \(each: messages, \.type.rawValue)::text[],
                        \(each: messages, \.user)::uuid[], \(each: messages, \.recipient)::text[]) as m (id, type, person, recipient)
            """)
    }

    /// devices_user_idx
    static func devices(of users: [UUID]) -> Statement<OwnedAddress> {
        Statement(
            """
            select user_id, id::text from notifications.devices
            where user_id = any(\(users)::uuid[]) and disabled_at is null order by user_id, last_seen_at desc
            """)
    }

    /// The chat that each opened last. telegram_chats_user_idx
    static func chats(of users: [UUID], _ bots: [String]) -> Statement<OwnedAddress> {
        Statement(
            """
            select distinct on (user_id) user_id, bot || ':' || telegram_id from notifications.telegram_chats
            where user_id = any(\(users)::uuid[]) and bot = any(\(bots)::text[]) and blocked_at is null
            order by user_id, opened_at desc, bot
            """)
    }

    /// Who wants a digest in place of single messages. quiet_settings_pkey
    static func digesting(_ users: [UUID]) -> Statement<UUID> {
        Statement(
            "select user_id from notifications.quiet_settings where user_id = any(\(users)::uuid[]) and digest <> 'none'")
    }

    /// Mails of a kind are not wanted any more. preferences_pkey
    static func refuse(_ category: String, of user: UUID) -> Command {
        Command(
            """
            insert into notifications.preferences (user_id, category, channel, is_enabled)
            select id, \(category), 'email', false from identity.users where id = \(user)
            on conflict (user_id, category, channel) do update set is_enabled = false
            """)
    }

    static var samples: [StatementSample] {
        let now = Instant(microseconds: 0)
        let id = ID<Broadcast>(.zero)
        let broadcast = NewBroadcast(
            scopeType: "platform", scopeID: nil, audience: nil, category: "", title: "", body: "", channels: [.email],
            scheduledFor: nil)
        let text = BroadcastText(category: "", title: "", body: "", channels: [], scope: nil)
        return [
            StatementSample("broadcast: insert", insert(id, broadcast, total: 0, by: .zero, at: now)),
            StatementSample("broadcast: people", insert([], of: id)),
            StatementSample("broadcast: take", take(BroadcastPart(broadcastID: id, from: 0, count: 1))),
            StatementSample("broadcast: text", self.text(of: id)),
            StatementSample("broadcast: count", count(id, sent: 0, skipped: 0, at: now)),
            StatementSample("broadcast: messages", insert([], of: id, text, at: now)),
            StatementSample("broadcast: devices", devices(of: [])), StatementSample("broadcast: chats", chats(of: [], [])),
            StatementSample("broadcast: digesting", digesting([])), StatementSample("broadcast: refuse", refuse("", of: .zero)),
        ]
    }
}

/// An address and whose it is.
struct OwnedAddress: Row {
    let user: UUID
    let address: String

    init(_ row: inout RowReader) throws {
        user = try row.next()
        address = try row.next()
    }
}

extension BroadcastText: Row {
    init(_ row: inout RowReader) throws {
        category = try row.next()
        title = try row.next()
        body = try row.next()
        let names: [String] = try row.next()
        channels = names.compactMap { NotificationType(rawValue: $0) }
        let type: String? = try row.next()
        let id: UUID? = try row.next()
        scope = type.map { Scope(ScopeType($0), id) }
    }
}
