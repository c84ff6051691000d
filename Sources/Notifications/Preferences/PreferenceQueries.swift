import Postgres
import Values

/// The SQL of what people want to be told, and when.
enum PreferenceQueries {
    /// preferences_pkey
    static func all(of user: UUID) -> Statement<Preference> {
        Statement(
            """
            select category, channel, is_enabled from notifications.preferences
            where user_id = \(user) order by category, channel
            """)
    }

    /// quiet_settings_pkey
    static func quiet(of user: UUID) -> Statement<QuietRow> {
        Statement(
            """
            select to_char(quiet_from, 'HH24:MI'), to_char(quiet_to, 'HH24:MI'), digest from notifications.quiet_settings
            where user_id = \(user)
            """)
    }

    /// Several users at once, for one category: the channels chosen otherwise than by themselves.
    static func chosen(by users: [UUID], for category: String) -> Statement<ChosenRow> {
        Statement(
            """
            select user_id, channel, is_enabled from notifications.preferences
            where user_id = any(\(users)::uuid[]) and category = \(category)
            """)
    }

    /// When the quiet of each of these users ends that is on at `now`, each in his own time zone; nobody who is not quiet. A
    /// zone that PostgreSQL does not know is UTC.
    static func quietEnds(of users: [UUID], zones: [String], at now: Instant) -> Statement<QuietEnd> {
        Statement(
            """
            select user_id, (case when quiet_from > quiet_to and local::time >= quiet_from
                                  then local::date + 1 else local::date end + quiet_to) at time zone zone
            from unnest(\(users)::uuid[], \(zones)::text[]) as asked (id, wanted)
            join notifications.quiet_settings q on q.user_id = asked.id and q.quiet_from is not null
            cross join lateral (select coalesce((select name from pg_timezone_names where name = asked.wanted), 'UTC') as zone) z
            cross join lateral (select \(now)::timestamptz at time zone z.zone as local) l
            where case when quiet_from < quiet_to then local::time >= quiet_from and local::time < quiet_to
                       else local::time >= quiet_from or local::time < quiet_to end
            """)
    }

    /// Serialises two changes by one person.
    static func lock(_ user: UUID) -> Statement<String> {
        Statement("select pg_advisory_xact_lock(hashtextextended('notifications.preferences:' || \(user.description), 0))::text")
    }

    static func drop(of user: UUID) -> Command {
        Command("delete from notifications.preferences where user_id = \(user)")
    }

    static func insert(_ preferences: [Preference], of user: UUID) -> Command {
        Command(
            """
            insert into notifications.preferences (user_id, category, channel, is_enabled)
            select \(user), category, channel, is_enabled
            from unnest(\(each: preferences, \.category)::text[], \(each: preferences, \.channel.rawValue)::text[],
                        \(each: preferences, \.isEnabled)::boolean[]) as chosen (category, channel, is_enabled)
            """)
    }

    /// A digest that is wanted as before comes when it was due.
    static func keepQuiet(_ preferences: Preferences, of user: UUID, zone: String, at now: Instant) -> Command {
        Command(
            """
            insert into notifications.quiet_settings as q (user_id, quiet_from, quiet_to, digest, digest_due_at)
            values (\(user), \(preferences.quietFrom)::text::time, \(preferences.quietTo)::text::time, \(preferences.digest),
                notifications.next_digest(\(preferences.digest), \(zone), \(now)))
            on conflict (user_id) do update
            set quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, digest = excluded.digest,
                digest_due_at = case when q.digest = excluded.digest then q.digest_due_at else excluded.digest_due_at end
            """)
    }
}

/// When a person wants quiet.
struct QuietRow: Row {
    let from: String?
    let to: String?
    let digest: Digest

    init(_ row: inout RowReader) throws {
        from = try row.next()
        to = try row.next()
        digest = try row.next()
    }
}

struct ChosenRow: Row {
    let user: UUID
    let channel: NotificationType
    let isEnabled: Bool

    init(_ row: inout RowReader) throws {
        user = try row.next()
        channel = try row.next()
        isEnabled = try row.next()
    }
}

struct QuietEnd: Row {
    let user: UUID
    let end: Instant

    init(_ row: inout RowReader) throws {
        user = try row.next()
        end = try row.next()
    }
}
