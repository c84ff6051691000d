import Crypto
import JSON
import Postgres
import Values

/// The SQL of `identity.signing_keys`.
enum SigningKeyQueries {
    static func verifying(at now: Instant) -> Statement<SigningKey> {
        Statement(
            """
            select kid, public_jwk ->> 'x', public_jwk ->> 'y', private_enc, not_before_at, retired_at
            from identity.signing_keys where retired_at is null or retired_at > \(now) order by not_before_at desc
            """)
    }

    /// Of several instances that find no current key, or an old one, one makes the next.
    static func lock() -> Command {
        Command("lock table identity.signing_keys in share row exclusive mode")
    }

    static func insert(_ key: SigningKey) -> Command {
        Command(
            """
            insert into identity.signing_keys (kid, public_jwk, private_enc, not_before_at)
            values (\(key.kid), \(JSONText(encoding: KeyView(key: JWK(key.publicKey)))), \(key.sealedPrivateKey.bytes), \(key.notBefore))
            """)
    }

    static func retire(_ kid: String, at end: Instant) -> Command {
        Command("update identity.signing_keys set retired_at = \(end) where kid = \(kid)")
    }

    static func purge(at now: Instant) -> Command {
        Command("delete from identity.signing_keys where retired_at <= \(now)")
    }
}

extension SigningKey: Row {
    package init(_ row: inout RowReader) throws {
        kid = try row.next()
        let x: String = try row.next()
        let y: String = try row.next()
        sealedPrivateKey = Sealed(bytes: try row.next())
        notBefore = try row.next()
        retiredAt = try row.next()
        publicKey = try JWK.key(x: x, y: y)
    }
}
