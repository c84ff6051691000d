import Postgres
import Testing
import Values

@testable import UrgentServices

/// A board with a past, and what it costs to look into it.
extension Board {
    /// Orders as if they had been made one after the other, every ten minutes up to now: of `towns` in turn, each category of its own
    /// share, all with a place.
    ///
    /// - Parameter executor: who has taken all of them.
    func past(_ count: Int, _ status: OrderStatus, towns: [String] = ["Москва", "Казань"], takenBy executor: Int? = nil) async throws {
        try await come(Person.customer)
        let reason: String? = status == .active ? nil : status == .completed ? "completed" : "expired"
        try await database.execute(
            Command(
                """
                insert into urgent.orders (id, client_id, category, description, city, contact, contact_key, status, close_reason,
                    closed_at, expires_at, takings_id, created_at, latitude, longitude, takers, taken_at, takes_count,
                    first_taken_at, no_response_at, customer_responded_at)
                select substr(md5(\(status.rawValue) || i), 1, 20), \(Person.customer), case when i % 50 = 0 then 'Другое' else 'Клининг' end,
                    'Протекает кран на кухне', (\(towns)::text[])[1 + i % \(towns.count)], '@past', 'past ' || gen_random_uuid(),
                    \(status.rawValue), \(reason), case when \(status.rawValue) <> 'active' then c.at + interval '1 hour' end,
                    now() + interval '50 minutes', (select a.id from payments.accounts a where a.code = 'urgent.00'),
                    c.at, 55 + i % 100 / 10.0, 30 + i % 97,
                    case when t.by is null then '{}' else array[t.by] end, case when t.by is null then '{}' else array[c.at] end,
                    case when t.by is null then 0 else 1 end, case when t.by is not null then c.at end,
                    case when t.by is not null then c.at + interval '15 minutes' end, case when t.by is not null then c.at end
                  from generate_series(1, \(count)) i,
                       lateral (select now() - i * interval '10 minutes' as at) c, (select \(executor)::bigint as by) t
                """))
        if let executor {
            try await database.execute(
                Command(
                    """
                    insert into urgent.executor_takes (order_id, executor_id, cost, taken_at, is_done)
                    select o.id, \(executor), 0, o.created_at + interval '1 minute', o.status = 'completed' from urgent.orders o
                     where o.takers @> array[\(executor)]::bigint[] and o.contact = '@past'
                    on conflict do nothing
                    """))
        }
        for table in ["orders", "executor_takes"] as [SQL] { try await database.execute(Command("vacuum (analyze) urgent.\(table)")) }
    }

    /// How many rows a statement looks at, and how many entries of indexes that spare it rows.
    func rowsRead<T>(by statement: Statement<T>) async throws -> (rows: Int, entries: Int) {
        let plan = try await database.all(Statement<String>("explain (analyze, costs off, timing off) \(statement.sql)"))
        var sum = (rows: 0, entries: 0)
        // Of the node that the lines below it speak of.
        var loops = 0, isIndexOnly = false
        for line in plan {
            if let match = line.firstMatch(of: /\(actual rows=(\d+) loops=(\d+)\)/) {
                let isScan = line.contains(" Scan ") && !line.contains("Subquery Scan") && !line.contains("CTE Scan")
                loops = isScan ? Int(match.2) ?? 0 : 0
                isIndexOnly = line.contains("Index Only Scan")
                if isIndexOnly { sum.entries += (Int(match.1) ?? 0) * loops } else { sum.rows += (Int(match.1) ?? 0) * loops }
            } else if let match = line.firstMatch(of: /Rows Removed by (?:Filter|Index Recheck): (\d+)/) {
                if isIndexOnly { sum.entries += (Int(match.1) ?? 0) * loops } else { sum.rows += (Int(match.1) ?? 0) * loops }
            }
        }
        return sum
    }
}
