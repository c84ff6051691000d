import Postgres
import Service
import Values

/// What a look at the trail is narrowed to.
struct AuditCondition: Sendable {
    /// Scopes the caller reaches, as a condition on `a`.
    var within: SQL = "true"
    /// The account that acted or was acted on.
    var about: UUID?
    var actor: UUID?
    var action: String?
    var objectType: String?
    var objectID: String?
    var scope: Scope?
    var from: Day?
    var to: Day?

    var sql: SQL {
        var sql = within
        if let about {
            sql = "\(sql) and (a.actor_id = \(about) or a.object_type = 'user' and a.object_id = \(about.description))"
        }
        if let actor { sql = "\(sql) and a.actor_id = \(actor)" }
        if let action { sql = "\(sql) and a.action = \(action)" }
        if let objectType { sql = "\(sql) and a.object_type = \(objectType)" }
        if let objectID { sql = "\(sql) and a.object_id = \(objectID)" }
        if let scope {
            sql = "\(sql) and a.scope_type = \(scope.type.name) and a.scope_id is not distinct from \(scope.id)"
        }
        if let from { sql = "\(sql) and a.at >= \(Instant(from))" }
        if let to { sql = "\(sql) and a.at < \(Instant(to.adding(days: 1)))" }
        return sql
    }
}

/// Where a look at the trail goes on: after this row.
struct AuditCursor: Sendable {
    let at: Instant
    let id: UUID

    init(after record: AuditRecord) {
        at = record.at
        id = record.id.uuid
    }

    /// After everything that is not older than the instant.
    init(before instant: Instant) {
        at = instant
        id = .zero
    }

    var text: String { "\(at.microseconds) \(id)" }

    init?(text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let microseconds = Int64(parts[0]), let id = UUID(parts[1]) else { return nil }
        at = Instant(microseconds: microseconds)
        self.id = id
    }
}
