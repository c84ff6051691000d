import Postgres
import Service
import Values

/// The SQL of `identity.one_time_codes`.
enum CodeQueries {
    /// Codes of one subject, and those asked for from one address, are made one after another.
    static func lock(_ key: String) -> Statement<String> {
        Statement("select pg_advisory_xact_lock(hashtextextended('codes:' || \(key), 0))::text")
    }

    /// one_time_codes_subject_idx, one_time_codes_ip_idx
    static func counts(of subject: String, from address: String?, at now: Instant) -> Statement<CodeCounts> {
        Statement(
            """
            select (select max(created_at) from identity.one_time_codes where subject = \(subject)),
                (select count(*) from identity.one_time_codes
                 where subject = \(subject) and created_at > \(now - .hours(1))),
                (select count(*) from identity.one_time_codes where subject = \(subject) and created_at > \(now - .days(1))),
                (select count(*) from identity.one_time_codes where ip = \(address) and created_at > \(now - .hours(1)))
            """)
    }

    /// one_time_codes_open_key
    static func end(_ purpose: CodePurpose, _ subject: String, _ scope: String, at now: Instant) -> Command {
        Command(
            """
            update identity.one_time_codes set consumed_at = \(now)
            where purpose = \(purpose) and subject = \(subject) and scope = \(scope) and consumed_at is null
            """)
    }

    static func insert(_ code: NewCode) -> Command {
        Command(
            """
            insert into identity.one_time_codes (id, purpose, subject, scope, user_id, code_hash, max_attempts, expires_at, ip,
                created_at)
            values (\(UUID.v7()), \(code.purpose), \(code.subject), \(code.scope), \(code.user), \(code.hash),
                \(code.terms.attempts), \(code.now + code.terms.life), \(code.address), \(code.now))
            """)
    }

    /// Counts the guess and uses the code up when it is right, in one statement: of simultaneous right guesses the first has
    /// it, and wrong ones are never more than allowed. Compared are HMACs, of which nobody knows any before.
    static func guess(
        _ hash: [UInt8], _ purpose: CodePurpose, _ subject: String, _ scope: String, user: UUID?, at now: Instant
    ) -> Statement<Codes.Used> {
        let owner: SQL = user.map { "and user_id = \($0)" } ?? ""
        return Statement(
            """
            update identity.one_time_codes
            set attempts = attempts + 1, consumed_at = case when code_hash = \(hash) then \(now)::timestamptz end
            where purpose = \(purpose) and subject = \(subject) and scope = \(scope) and consumed_at is null
                and attempts < max_attempts and expires_at > \(now) \(owner)
            returning consumed_at is not null, user_id, ip
            """)
    }

    /// The newest open code: why a guess found none.
    static func open(_ purpose: CodePurpose, _ subject: String, _ scope: String) -> Statement<OpenCode> {
        Statement(
            """
            select attempts >= max_attempts, expires_at from identity.one_time_codes
            where purpose = \(purpose) and subject = \(subject) and scope = \(scope) and consumed_at is null
            """)
    }

    /// The address that a user wants to prove (one_time_codes_user_idx).
    static func subject(of user: UUID, _ purpose: CodePurpose) -> Statement<String> {
        Statement(
            """
            select subject from identity.one_time_codes
            where user_id = \(user) and purpose = \(purpose) and consumed_at is null order by created_at desc limit 1
            """)
    }

    static var samples: [StatementSample] {
        let instant = Instant(microseconds: 0)
        let code = NewCode(
            purpose: .scope, subject: "", scope: "", user: nil, hash: [], terms: CodeTerms(life: .zero, attempts: 1), address: nil,
            now: instant)
        return [
            StatementSample("codes: lock", lock("")),
            StatementSample("codes: counts", counts(of: "", from: nil, at: instant)),
            StatementSample("codes: end", end(.scope, "", "", at: instant)),
            StatementSample("codes: insert", insert(code)),
            StatementSample("codes: guess", guess([], .scope, "", "", user: nil, at: instant)),
            StatementSample("codes: own guess", guess([], .scope, "", "", user: .zero, at: instant)),
            StatementSample("codes: open", open(.scope, "", "")),
            StatementSample("codes: subject", subject(of: .zero, .phone)),
            StatementSample("codes: purge", purge(before: instant)),
        ]
    }

    /// one_time_codes_created_at_idx
    static func purge(before: Instant) -> Command {
        Command(
            """
            delete from identity.one_time_codes
            where id in (select id from identity.one_time_codes where created_at < \(before) order by created_at limit 1000)
            """)
    }
}

/// A code about to be kept.
struct NewCode: Sendable {
    let purpose: CodePurpose
    let subject: String
    let scope: String
    let user: UUID?
    let hash: [UInt8]
    let terms: CodeTerms
    let address: String?
    let now: Instant
}

/// How many codes a subject has had.
struct CodeCounts: Row {
    let last: Instant?
    let ofHour: Int
    let ofDay: Int
    let fromAddress: Int

    init(_ row: inout RowReader) throws {
        last = try row.next()
        ofHour = try row.next()
        ofDay = try row.next()
        fromAddress = try row.next()
    }
}

struct OpenCode: Row {
    let isLocked: Bool
    let expiresAt: Instant

    init(_ row: inout RowReader) throws {
        isLocked = try row.next()
        expiresAt = try row.next()
    }
}
