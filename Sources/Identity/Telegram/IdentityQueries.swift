import JSON
import Postgres
import Telegram
import Values

/// A service that vouches for people.
enum IdentityKind: String, CaseIterable, Sendable {
    case telegram, clerk
}

/// What Telegram says of a person, as it is kept.
struct TelegramProfile: Shaped, Equatable {
    let firstName: String
    let lastName: String?
    let username: String?
    let language: String?

    static let shape = Shape(
        "TelegramProfile", Self.init, Field("firstName", { $0.firstName }), Field("lastName", { $0.lastName }),
        Field("username", { $0.username }), Field("language", { $0.language }))

    init(_ person: TelegramPerson) {
        self.init(
            firstName: person.firstName, lastName: person.lastName, username: person.username, language: person.language)
    }

    init(firstName: String, lastName: String?, username: String?, language: String?) {
        self.firstName = firstName
        self.lastName = lastName
        self.username = username
        self.language = language
    }
}

/// The SQL of `identity.identities`.
enum IdentityQueries {
    /// First sign-ins of one person come one after another.
    static func lock(_ kind: IdentityKind, _ subject: String) -> Statement<String> {
        Statement(
            "select pg_advisory_xact_lock(hashtextextended('identities:' || \(kind.rawValue) || ':' || \(subject), 0))::text")
    }

    /// identities_pkey
    static func owner(_ kind: IdentityKind, _ subject: String) -> Statement<User> {
        Statement(
            """
            select \(UserQueries.columns) from identity.users u
            where u.id = (select user_id from identity.identities where kind = \(kind) and subject = \(subject))
            """)
    }

    /// Whose account it is; stays his until the transaction ends. The account is locked first, as everywhere. identities_pkey
    static func keep(_ kind: IdentityKind, _ subject: String) -> Statement<ID<User>> {
        Statement(
            """
            select u.id from identity.users u join identity.identities i on i.user_id = u.id
            where i.kind = \(kind) and i.subject = \(subject) for key share of u, i
            """)
    }

    /// identities_user_key
    static func subject(of user: ID<User>, _ kind: IdentityKind) -> Statement<String> {
        Statement("select subject from identity.identities where user_id = \(user) and kind = \(kind)")
    }

    static func insert(
        _ kind: IdentityKind, _ subject: String, of user: ID<User>, _ profile: JSONText, at now: Instant
    ) -> Command {
        Command(
            """
            insert into identity.identities (kind, subject, user_id, profile, provider_updated_at, created_at)
            values (\(kind), \(subject), \(user), \(profile), \(now), \(now))
            """)
    }

    /// Touches nothing where the service says what it said before.
    static func refresh(_ kind: IdentityKind, _ subject: String, _ profile: JSONText, at now: Instant) -> Command {
        Command(
            """
            update identity.identities set profile = \(profile), provider_updated_at = \(now)
            where kind = \(kind) and subject = \(subject) and profile is distinct from \(profile)
            """)
    }

    /// identities_user_key
    static func drop(of user: ID<User>, _ kind: IdentityKind) -> Command {
        Command("delete from identity.identities where user_id = \(user) and kind = \(kind)")
    }

    static func dropAll(of user: ID<User>) -> Command {
        Command("delete from identity.identities where user_id = \(user)")
    }

    static var samples: [StatementSample] {
        let now = Instant(microseconds: 0)
        let profile = JSONText(trusted: Array("{}".utf8))
        return [
            StatementSample("identity, locked", lock(.telegram, "")),
            StatementSample("owner of an identity", owner(.telegram, "")),
            StatementSample("kept identity", keep(.telegram, "")),
            StatementSample("identity of a user", subject(of: ID(.zero), .telegram)),
            StatementSample("new identity", insert(.telegram, "", of: ID(.zero), profile, at: now)),
            StatementSample("refreshed identity", refresh(.telegram, "", profile, at: now)),
            StatementSample("dropped identity", drop(of: ID(.zero), .telegram)),
            StatementSample("dropped identities", dropAll(of: ID(.zero))),
        ]
    }
}
