import Postgres
import Service
import Values

/// What the trail says of one of several changes that one statement makes.
package final class AuditLine: Sendable {
    let id = UUID.v7()
    package let entry: AuditEntry
    let actor: AuditActor
    let at: Instant

    package init(_ entry: AuditEntry, by actor: AuditActor, at now: Instant) {
        self.entry = entry
        self.actor = actor
        at = now
    }
}

/// A line with the place, from 1, of the change among those of the statement.
package struct PlacedAuditLine: Sendable {
    let place: Int
    let line: AuditLine

    package init(_ place: Int, _ line: AuditLine) {
        self.place = place
        self.line = line
    }
}

extension Audit {
    /// Rows as a command, for changes that are one statement.
    ///
    /// A line is written for each row of `source` that the condition ties it to (by `line.place`), so not at
    /// all when the change has not taken place; the id of the scope is an expression over that row. A failure undoes the
    /// statement: whoever sends it falls back to `record`.
    package static func insertion(
        _ lines: [PlacedAuditLine], scope: ScopeType, id scopeID: SQL, from source: SQL, where condition: SQL
    ) -> Command {
        AuditQueries.insert(lines, scope: scope, id: scopeID, from: source, where: condition)
    }
}

extension AuditQueries {
    static func insert(
        _ lines: [PlacedAuditLine], scope: ScopeType, id scopeID: SQL, from source: SQL, where condition: SQL
    ) -> Command {
        Command(
            """
            insert into identity.audit_logs (id, at, actor_id, actor_kind, actor_name, product, scope_type, scope_id,
                action, object_type, object_id, old_values, new_values, details, ip, client, request_id)
            select line.id, line.at, line.actor_id, line.actor_kind, line.actor_name, line.product, \(scope.name),
                \(scopeID), line.action, line.object_type, line.object_id, line.old_values,
                line.new_values, '{}', line.ip, line.client, line.request_id
            from unnest(\(each: lines, \.line.id)::uuid[], \(each: lines, \.line.at)::timestamptz[],
                \(each: lines, \.line.actor.id)::uuid[], \(each: lines, \.line.actor.kind.rawValue)::text[],
                \(each: lines, \.line.actor.name)::text[], \(each: lines, \.line.entry.product)::text[],
                \(each: lines, \.line.entry.action)::text[], \(each: lines, \.line.entry.objectType)::text[],
                \(each: lines, \.line.entry.objectID)::text[], \(each: lines, \.line.entry.oldValues)::jsonb[],
                \(each: lines, \.line.entry.newValues)::jsonb[], \(each: lines, \.line.actor.address)::text[],
                \(each: lines, \.line.actor.client)::text[], \(each: lines, \.line.actor.requestID)::text[],
                \(each: lines, \.place)::int[])
              line(id, at, actor_id, actor_kind, actor_name, product, action, object_type, object_id,
                old_values, new_values, ip, client, request_id, place), \(source)
            where \(condition)
            """)
    }
}
