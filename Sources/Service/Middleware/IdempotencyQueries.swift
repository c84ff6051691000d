import Postgres
import Values

/// Whose key it is, and for what.
struct IdempotencyClaim {
    let caller: String
    let operation: String
    let key: String

    var lockName: String { "idempotency\u{1f}\(caller)\u{1f}\(operation)\u{1f}\(key)" }
    var sealingContext: String { "api.idempotency_keys.response\u{1f}\(caller)\u{1f}\(operation)\u{1f}\(key)" }
}

struct StoredAnswer: Row {
    let bodyHash: [UInt8]
    let status: Int
    let type: String
    let location: String?
    let body: [UInt8]

    init(_ row: inout RowReader) throws {
        bodyHash = try row.next()
        status = try row.next()
        type = try row.next()
        location = try row.next()
        body = try row.next()
    }
}

enum IdempotencyQueries {
    /// False when another transaction holds the key at this moment.
    static func lock(_ claim: IdempotencyClaim) -> Statement<Bool> {
        Statement("SELECT pg_try_advisory_xact_lock(hashtextextended(\(claim.lockName), 0))")
    }

    static func stored(_ claim: IdempotencyClaim) -> Statement<StoredAnswer> {
        Statement(
            """
            SELECT body_hash, status, content_type, location, response
            FROM api.idempotency_keys
            WHERE \(isOf(claim)) AND created_at > now() - interval '24 hours' AND status IS NOT NULL
            """)
    }

    static func store(
        _ claim: IdempotencyClaim, _ hash: [UInt8], _ answer: Answer, type: String, body: [UInt8]
    ) -> Command {
        let location = answer.location
        return Command(
            """
            INSERT INTO api.idempotency_keys
                (caller, operation, key, body_hash, status, content_type, location, response)
            VALUES (\(claim.caller), \(claim.operation), \(claim.key), \(hash), \(answer.status), \(type),
                \(location), \(body))
            ON CONFLICT (caller, operation, key) DO UPDATE
            SET body_hash = excluded.body_hash, status = excluded.status, content_type = excluded.content_type,
                location = excluded.location, response = excluded.response, created_at = now()
            """)
    }

    // MARK: Asking outside

    /// Forgets a key whose day is over, so that it can be claimed anew.
    static func forget(_ claim: IdempotencyClaim) -> Command {
        Command(
            "DELETE FROM api.idempotency_keys WHERE \(isOf(claim)) AND created_at <= now() - interval '24 hours'")
    }

    /// Claims a key for a minute, for the effect given or for the one that was begun under it and not answered. No row when
    /// it is answered, used with another body, or claimed by somebody who is still at it.
    static func claim(_ claim: IdempotencyClaim, _ hash: [UInt8], for effect: UUID) -> Statement<Effect> {
        Statement(
            """
            INSERT INTO api.idempotency_keys AS known (caller, operation, key, body_hash, effect_id, claimed_until)
            VALUES (\(claim.caller), \(claim.operation), \(claim.key), \(hash), \(effect), now() + interval '1 minute')
            ON CONFLICT (caller, operation, key) DO UPDATE SET claimed_until = excluded.claimed_until
            WHERE known.claimed_until <= now() AND known.body_hash = excluded.body_hash
            RETURNING effect_id, effect_id <> \(effect)
            """)
    }

    /// The hash of the body that a key is claimed with.
    static func claimed(_ claim: IdempotencyClaim) -> Statement<[UInt8]> {
        Statement("SELECT body_hash FROM api.idempotency_keys WHERE \(isOf(claim)) AND status IS NULL")
    }

    /// Keeps the answer to what was claimed; of two that came to it the first.
    static func answer(
        _ claim: IdempotencyClaim, _ effect: Effect, _ answer: Answer, type: String, body: [UInt8]
    ) -> Command {
        Command(
            """
            UPDATE api.idempotency_keys
            SET status = \(answer.status), content_type = \(type), location = \(answer.location), response = \(body),
                claimed_until = NULL
            WHERE \(isOf(claim)) AND effect_id = \(effect.id) AND status IS NULL
            """)
    }

    /// Gives a claim back without an answer: who repeats the request goes on with its effect.
    static func release(_ claim: IdempotencyClaim, _ effect: Effect) -> Command {
        Command(
            """
            UPDATE api.idempotency_keys SET claimed_until = now()
            WHERE \(isOf(claim)) AND effect_id = \(effect.id) AND status IS NULL
            """)
    }

    private static func isOf(_ claim: IdempotencyClaim) -> SQL {
        "caller = \(claim.caller) AND operation = \(claim.operation) AND key = \(claim.key)"
    }

    /// Forgets keys older than a day, some at a time.
    static func clean() -> Command {
        Command(
            """
            DELETE FROM api.idempotency_keys
            WHERE ctid IN (SELECT ctid FROM api.idempotency_keys
                           WHERE created_at < now() - interval '24 hours' LIMIT 10000)
            """)
    }
}
