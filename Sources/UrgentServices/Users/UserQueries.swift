import Postgres
import Service
import Values

/// Somebody who comes, as the board knows him.
struct Arrival: Row {
    let id: Int
    let account: UUID
    let firstName: String
    let role: UrgentRole
    /// Whether Telegram says what it said before, and it was noted of late that he was seen.
    let isUnchanged: Bool

    init(_ row: inout RowReader) throws {
        id = try row.next()
        account = try row.next()
        firstName = try row.next()
        role = try row.next()
        isUnchanged = try row.next()
    }
}

/// The statements of users.
enum UserQueries {
    /// Nobody whose account is gone, or belongs to another Telegram by now. Indexes `users_pkey` of both, `identities_pkey`.
    static func arrival(_ facts: TelegramFacts) -> Statement<Arrival> {
        Statement(
            """
            select u.id, u.account_id, u.first_name, case when u.blocked_at is null then u.role else 'user' end,
                   (u.username, u.first_name, u.last_name, u.language_code, u.allows_write_to_pm)
                     is not distinct from (\(facts.username)::text, \(facts.firstName)::text, \(facts.lastName)::text,
                       \(facts.language)::text, \(facts.allowsWriting)::boolean)
                   and u.last_seen_at > now() - interval '5 minutes'
              from urgent.users u join identity.users i on i.id = u.account_id
              join identity.identities t on t.kind = 'telegram' and t.subject = \(String(facts.id)) and t.user_id = u.account_id
             where u.id = \(facts.id) and u.left_at is null and i.status in ('pending', 'active')
            """)
    }

    /// Whoever comes, and whoever had his account before, by id: of several who come at once none waits for another in a circle.
    /// Indexes `users_pkey`, `users_account`.
    static func lock(_ id: Int, andHolderOf account: UUID) -> Command {
        Command(
            """
            select from urgent.users u where u.id = \(id) or (u.account_id = \(account) and u.left_at is null)
             order by u.id for no key update
            """)
    }

    /// Whoever had an account before its Telegram was another has left it, and its wallet. Index `users_account`.
    static func leave(_ account: UUID, for id: Int, purse: UUID) -> Command {
        Command(
            """
            update urgent.users u set left_at = now(), wallet_id = \(purse), updated_at = now()
             where u.account_id = \(account) and u.left_at is null and u.id <> \(id)
            """)
    }

    /// Makes the row or brings it up to date; whoever has come with another account has another wallet. Nobody else has it.
    static func arrive(_ facts: TelegramFacts, account: UUID, wallet: UUID, role: UrgentRole) -> Command {
        Command(
            """
            insert into urgent.users (id, account_id, wallet_id, username, first_name, last_name, language_code,
                allows_write_to_pm, role, last_seen_at)
            values (\(facts.id), \(account), \(wallet), \(facts.username), \(facts.firstName), \(facts.lastName),
                \(facts.language), \(facts.allowsWriting), \(role.rawValue), now())
            on conflict (id) do update
            set account_id = excluded.account_id, wallet_id = excluded.wallet_id, left_at = null, username = excluded.username,
                first_name = excluded.first_name, last_name = excluded.last_name, language_code = excluded.language_code,
                allows_write_to_pm = excluded.allows_write_to_pm, last_seen_at = now(), updated_at = now()
            """)
    }

    /// Makes administrators of those whom the settings name, at the start.
    static func promote(_ admins: [Int]) -> Command {
        Command("update urgent.users set role = 'admin', updated_at = now() where id = any(\(admins)) and role <> 'admin'")
    }

    static func standing(_ id: Int) -> Statement<UserStanding> {
        Statement("select u.role, u.blocked_at is not null from urgent.users u where u.id = \(id)")
    }

    /// Orders of one client come one after another.
    static func lock(_ id: Int) -> Statement<UserStanding> {
        Statement("select u.role, u.blocked_at is not null from urgent.users u where u.id = \(id) for no key update")
    }

    /// In the order in which `Profile` reads them; of `users u` and `profileTables`.
    static let profileColumns: SQL = """
        u.id, u.first_name, u.last_name, u.username, done.made + done.taken, open.made + open.taken,
        round(u.average_rating, 1)::float8, (a.balance / 100)::bigint, u.reviews_count, u.role, u.blocked_at is not null
        """

    /// What stands beside `users u`. What is done is counted in indexes alone (`orders_done_of_client`, `executor_takes_done`),
    /// what is active among what is not older than the day that an order lives at the most (`orders_of_client`,
    /// `executor_takes_of_executor`).
    static let profileTables: SQL = """
        join payments.accounts a on a.id = u.wallet_id,
        lateral (
          select (select count(*) from urgent.orders o where o.client_id = u.id and o.status = 'completed') as made,
                 (select count(*) from urgent.executor_takes t where t.executor_id = u.id and t.is_done) as taken) done,
        lateral (
          select (select count(*) from urgent.orders o
                   where o.client_id = u.id and o.created_at > now() - interval '1 day' and o.status = 'active'
                     and o.deadline_at > now()) as made,
                 (select count(*) from urgent.executor_takes t
                    cross join lateral (select from urgent.orders o
                       where o.id = t.order_id and o.status = 'active' and o.deadline_at > now() limit 1) o
                   where t.executor_id = u.id and t.taken_at > now() - interval '1 day') as taken) open
        """

    static func profile(_ id: Int) -> Statement<Profile> {
        Statement("select \(profileColumns) from urgent.users u \(profileTables) where u.id = \(id)")
    }

    static func preferences(_ id: Int) -> Statement<Preferences> {
        Statement("select u.subscribed_categories, u.subscribed_cities from urgent.users u where u.id = \(id)")
    }

    /// These columns alone: the other settings are saved at the same moment.
    static func save(_ preferences: Preferences, of id: Int) -> Command {
        Command(
            """
            update urgent.users
               set subscribed_categories = \(preferences.categories), subscribed_cities = \(preferences.cities), updated_at = now()
             where id = \(id)
            """)
    }

    static func notificationSettings(_ id: Int) -> Statement<NotificationSettingsView> {
        Statement("select u.notifications_enabled, u.notification_frequency_minutes from urgent.users u where u.id = \(id)")
    }

    /// What is nil stays.
    static func save(_ body: NotificationSettingsBody, of id: Int) -> Command {
        Command(
            """
            update urgent.users
               set notifications_enabled = coalesce(\(body.enabled)::boolean, notifications_enabled),
                   notification_frequency_minutes = coalesce(\(body.frequency)::integer, notification_frequency_minutes),
                   updated_at = now()
             where id = \(id)
            """)
    }

    static var samples: [StatementSample] {
        let facts = TelegramFacts(.init(id: 1, firstName: "a", lastName: "a", username: "a", language: "ru"))
        return [
            StatementSample("urgent: arrival", arrival(facts)),
            StatementSample("urgent: arrival, locked", lock(1, andHolderOf: .zero)),
            StatementSample("urgent: left account", leave(.zero, for: 1, purse: .zero)),
            StatementSample("urgent: arrive", arrive(facts, account: .zero, wallet: .zero, role: .user)),
            StatementSample("urgent: promote", promote([1])),
            StatementSample("urgent: standing", standing(1)),
            StatementSample("urgent: lock user", lock(1)),
            StatementSample("urgent: profile", profile(1)),
            StatementSample("urgent: preferences", preferences(1)),
            StatementSample("urgent: save preferences", save(Preferences(categories: [], cities: []), of: 1)),
            StatementSample("urgent: notification settings", notificationSettings(1)),
            StatementSample("urgent: save notification settings", save(NotificationSettingsBody(), of: 1)),
        ]
    }
}

/// What somebody may do besides what everybody may.
struct UserStanding: Row {
    let role: UrgentRole
    let isBlocked: Bool

    init(_ row: inout RowReader) throws {
        role = try row.next()
        isBlocked = try row.next()
    }
}
