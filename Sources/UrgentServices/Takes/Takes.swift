import Postgres
import Service
import Values

/// The door of takes: an executor pays for an order's contact.
package struct Takes: Sendable {
    let database: Database
    let terms: UrgentTerms
    let events: Outbox

    /// Refused before anything is paid: `order_not_found`, `own_order`, `order_not_active`, `max_executors`, `user_blocked`,
    /// `insufficient_balance`. Whoever has taken it gets the same answer again, for nothing.
    func take(_ order: OrderID, by executor: Int) async throws -> Take {
        let outcome = try await database.one(TakeQueries.take(order, by: executor, terms, transaction: .v7()))
        guard let contact = outcome.contact, let takenAt = outcome.takenAt else {
            // The end of an order whose time has passed has left an event, too.
            events.wakeSoon()
            throw UrgentProblem(rawValue: outcome.outcome) ?? .internalError
        }
        if outcome.outcome == "taken" { events.wakeSoon() }
        return Take(
            contact: contact, executors: outcome.executors, balance: outcome.balance, charged: outcome.charged, takenAt: takenAt)
    }
}
