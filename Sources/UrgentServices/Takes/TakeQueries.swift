import Postgres
import Service
import Values

/// The statement of a take.
enum TakeQueries {
    /// Those of several people who have ever taken an order. Index `executor_takes_of_executor` alone.
    static func takers(among people: [Int]) -> Statement<Placed<Int>> {
        Statement(
            """
            select g.place, g.id from unnest(\(people)::bigint[]) with ordinality g(id, place)
             where exists (select from urgent.executor_takes t where t.executor_id = g.id)
            """)
    }

    /// All of it in one round trip: locks, judges, charges, writes down (`urgent.take`). Index look-ups alone.
    static func take(_ order: OrderID, by executor: Int, _ terms: UrgentTerms, transaction: UUID) -> Statement<TakeOutcome> {
        Statement(
            """
            select t.outcome, t.contact, t.executors, t.balance, t.charged, t.at
              from urgent.take(\(order.text), \(executor)::bigint, \(terms.cost)::integer, \(terms.executors)::integer,
                make_interval(mins => \(terms.noResponseMinutes)::integer), \(transaction)) t
            """, .report)
    }

    static var samples: [StatementSample] {
        [
            StatementSample("urgent: take", take(.random(), by: 1, UrgentTerms(), transaction: .zero)),
            StatementSample("urgent: takers", takers(among: [1])),
        ]
    }
}
