import Postgres
import Service
import Values

/// The statement of a take.
enum TakeQueries {
    /// All of it in one round trip: locks, judges, charges, writes down (`urgent.take`). Index look-ups alone.
    static func take(_ order: OrderID, by executor: Int, _ terms: UrgentTerms, transaction: UUID) -> Statement<TakeOutcome> {
        Statement(
            """
            select t.outcome, t.contact, t.executors, t.balance, t.charged, t.at
              from urgent.take(\(order.text), \(executor)::bigint, \(terms.cost)::integer, \(terms.executors)::integer,
                make_interval(mins => \(terms.noResponseMinutes)::integer), \(transaction)) t
            """, .report)
    }
}
