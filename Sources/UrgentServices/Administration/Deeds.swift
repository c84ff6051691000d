import JSON
import Postgres
import Service
import Values

/// What staff have done, out of the platform's audit trail (spec 3.6, row 56).
enum Deeds {
    /// The name of a product's object in the trail.
    static let prefix = "urgent_"

    /// Newest first. Index `audit_logs_urgent_idx`.
    static func page(_ query: DeedQuery, _ page: Slice) -> Statement<Deed> {
        Statement(
            """
            select a.id, u.id, a.actor_name, a.action, a.object_type, a.object_id, a.old_values, a.new_values,
                   a.details ->> 'reason', a.ip, a.at
              from identity.audit_logs a left join urgent.users u on u.account_id = a.actor_id and u.left_at is null
             where \(condition(query)) order by a.at desc, a.id desc limit \(page.limit) offset \(page.offset)
            """)
    }

    /// - Parameter reach: how many are counted.
    static func count(_ query: DeedQuery, reach: Int) -> Statement<Int> {
        Statement("select count(*) from (select from identity.audit_logs a where \(condition(query)) limit \(reach)) f")
    }

    private static func condition(_ query: DeedQuery) -> SQL {
        var sql: SQL = "a.product = 'urgent'"
        if let actor = query.actor {
            sql = "\(sql) and a.actor_id = (select s.account_id from urgent.users s where s.id = \(actor))"
        }
        if let entity = query.entity { sql = "\(sql) and a.object_type = \(prefix + entity)" }
        if let id = query.entityID { sql = "\(sql) and a.object_id = \(id)" }
        return sql
    }

    static var samples: [StatementSample] {
        let query = DeedQuery(actor: 1, entity: "", entityID: "", limit: 1, offset: 0)
        return [
            StatementSample("urgent: deeds of staff", page(query, Slice())),
            StatementSample("urgent: deeds of staff, counted", count(query, reach: 1)),
        ]
    }
}
