import Postgres
import Service
import Values

/// The SQL of `identity.scope_locks`.
enum GateQueries {
    static func close(_ scope: Scope, _ lock: ScopeLock, at now: Instant) -> Command {
        Command(
            """
            insert into identity.scope_locks (scope_type, scope_id, mode, status, code, reason, since_at)
            values (\(scope.type.name), \(scope.id), \(lock.mode), \(lock.status), \(lock.code), \(lock.reason), \(now))
            on conflict (scope_type, scope_id) do update
            set mode = excluded.mode, status = excluded.status, code = excluded.code, reason = excluded.reason
            """)
    }

    static func open(_ scope: Scope) -> Command {
        Command(
            "delete from identity.scope_locks where scope_type = \(scope.type.name) and scope_id = \(scope.id)")
    }
}
