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
    static func take(_ wish: TakeWish, _ terms: UrgentTerms) -> Statement<TakeOutcome> {
        Statement(
            """
            select t.outcome, t.contact, t.executors, t.balance, t.charged, t.at
              from urgent.take(\(wish.order.text), \(wish.executor)::bigint, \(terms.cost)::integer,
                \(terms.executors)::integer, make_interval(mins => \(terms.noResponseMinutes)::integer),
                \(wish.transaction)) t
            """, .change)
    }

    /// The same for several at once, a row for each that nothing is in the way of (`urgent.take_many`); what is left is for
    /// `take` to judge. Of several for one order, or by one person, the first alone is tried.
    static func takes(_ wishes: [TakeWish], _ terms: UrgentTerms) -> Statement<Placed<TakeOutcome>> {
        var (orders, executors) = (Set<OrderID>(), Set<Int>())
        let tried = wishes.enumerated().filter { _, wish in
            !orders.contains(wish.order) && executors.insert(wish.executor).inserted && orders.insert(wish.order).inserted
        }
        return Statement(
            """
            select t.place, 'taken', t.contact, t.executors, t.balance, t.charged, t.at
              from urgent.take_many(\(tried.map { $0.offset + 1 })::bigint[], \(tried.map(\.element.order.text))::text[],
                \(tried.map(\.element.executor))::bigint[], \(tried.map(\.element.transaction))::uuid[],
                \(terms.cost)::integer, \(terms.executors)::integer,
                make_interval(mins => \(terms.noResponseMinutes)::integer)) t
            """, .change)
    }

    private static var sample: TakeWish { TakeWish(order: .random(), executor: 1, transaction: .zero) }

    static var samples: [StatementSample] {
        [
            StatementSample("urgent: take", take(sample, UrgentTerms())),
            StatementSample("urgent: takes", takes([sample], UrgentTerms())),
            StatementSample("urgent: takers", takers(among: [1])),
        ]
    }
}
