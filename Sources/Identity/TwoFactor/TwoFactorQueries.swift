import Crypto
import Postgres
import Values

/// The SQL of second factors, columns of `identity.users`.
enum TwoFactorQueries {
    /// The sealed secret of an authenticator, in use or to be confirmed.
    static func secret(of user: ID<User>) -> Statement<[UInt8]?> {
        Statement("select totp_secret_enc from identity.users where id = \(user)")
    }

    /// A secret that is to be confirmed; nothing for an account that has a second factor by then.
    static func keep(_ sealed: [UInt8]?, of user: ID<User>) -> Command {
        Command(
            """
            update identity.users set totp_secret_enc = \(sealed), totp_step = null
            where id = \(user) and two_factor <> 'totp' and deleted_at is null
            """)
    }

    /// Once for each step and any number of simultaneous tries.
    static func use(_ step: Int64, of user: ID<User>) -> Command {
        Command(
            """
            update identity.users set totp_step = \(step)
            where id = \(user) and totp_secret_enc is not null and (totp_step is null or totp_step < \(step))
            """)
    }

    static func set(_ factor: TwoFactor, of user: ID<User>, at now: Instant) -> Command {
        Command("update identity.users set two_factor = \(factor), updated_at = \(now) where id = \(user)")
    }

    static func drop(of user: ID<User>, at now: Instant) -> Command {
        Command(
            """
            update identity.users set two_factor = 'none', totp_secret_enc = null, totp_step = null, updated_at = \(now)
            where id = \(user)
            """)
    }

    /// recovery_codes_pkey
    static func use(_ hash: [UInt8], of user: ID<User>, at now: Instant) -> Command {
        Command(
            """
            update identity.recovery_codes set used_at = \(now)
            where user_id = \(user) and code_hash = \(hash) and used_at is null
            """)
    }

    static func keepCodes(_ hashes: [[UInt8]], of user: ID<User>, at now: Instant) -> Command {
        Command(
            """
            insert into identity.recovery_codes (user_id, code_hash, created_at)
            select \(user), decode(h, 'hex'), \(now) from unnest(\(hashes.map { Hex.encode($0) })::text[]) h
            """)
    }

    static func dropCodes(of user: ID<User>) -> Command {
        Command("delete from identity.recovery_codes where user_id = \(user)")
    }

    static func codesLeft(of user: ID<User>) -> Statement<Int> {
        Statement("select count(*) from identity.recovery_codes where user_id = \(user) and used_at is null")
    }

    static var samples: [StatementSample] {
        let now = Instant(microseconds: 0)
        return [
            StatementSample("second factor", secret(of: ID(.zero))),
            StatementSample("second factor, kept", keep(nil, of: ID(.zero))),
            StatementSample("second factor, used", use(1, of: ID(.zero))),
            StatementSample("second factor, set", set(.totp, of: ID(.zero), at: now)),
            StatementSample("second factor, dropped", drop(of: ID(.zero), at: now)),
            StatementSample("recovery code, used", use([], of: ID(.zero), at: now)),
            StatementSample("recovery codes, kept", keepCodes([], of: ID(.zero), at: now)),
            StatementSample("recovery codes, dropped", dropCodes(of: ID(.zero))),
            StatementSample("recovery codes, left", codesLeft(of: ID(.zero))),
        ]
    }
}
