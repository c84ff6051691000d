import Postgres

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
            WHERE caller = \(claim.caller) AND operation = \(claim.operation) AND key = \(claim.key)
              AND created_at > now() - interval '24 hours'
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
