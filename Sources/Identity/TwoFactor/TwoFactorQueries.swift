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

    static var samples: [StatementSample] {
        let now = Instant(microseconds: 0)
        return [
            StatementSample("second factor", secret(of: ID(.zero))),
            StatementSample("second factor, kept", keep(nil, of: ID(.zero))),
            StatementSample("second factor, used", use(1, of: ID(.zero))),
            StatementSample("second factor, set", set(.totp, of: ID(.zero), at: now)),
            StatementSample("second factor, dropped", drop(of: ID(.zero), at: now)),
        ]
    }
}
