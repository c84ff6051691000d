import Postgres
import Service
import Values

extension Audit {
    /// The row as a command, for a change that is one group of statements in one round trip.
    ///
    /// Written once per row of `source`, so not at all when the statements before it have changed nothing; the id of the
    /// scope is an expression over that row. A failure undoes the group: whoever sends it falls back to `record`.
    package func insertion(
        _ entry: AuditEntry, by actor: AuditActor, at now: Instant, scope: ScopeType, id scopeID: SQL, from source: SQL
    ) -> Command {
        AuditQueries.insert(entry, by: actor, at: now, scope: scope, id: scopeID, from: source)
    }
}

extension AuditQueries {
    static func insert(
        _ entry: AuditEntry, by actor: AuditActor, at now: Instant, scope: ScopeType, id scopeID: SQL, from source: SQL
    ) -> Command {
        Command(
            """
            insert into identity.audit_logs (id, at, actor_id, actor_kind, actor_name, product, scope_type, scope_id,
                action, object_type, object_id, details, ip, client, request_id)
            select \(UUID.v7()), \(now), \(actor.id), \(actor.kind), \(actor.name), \(entry.product),
                \(scope.name), \(scopeID), \(entry.action), \(entry.objectType), \(entry.objectID), '{}',
                \(actor.address), \(actor.client), \(actor.requestID)
            from \(source)
            """)
    }
}
