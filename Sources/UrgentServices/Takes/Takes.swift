import Postgres
import Service
import Values

/// The door of takes: an executor pays for an order's contact.
package struct Takes: Sendable {
    let database: Database
    let terms: UrgentTerms
    let events: Outbox
    private let together: Batcher<TakeWish, TakeOutcome>

    init(database: Database, terms: UrgentTerms, events: Outbox) {
        self.database = database
        self.terms = terms
        self.events = events
        together = Batcher(database, atOnce: 2) { TakeQueries.takes($0, terms) }
    }

    /// Refused before anything is paid: `order_not_found`, `own_order`, `order_not_active`, `max_executors`, `user_blocked`,
    /// `insufficient_balance`. Whoever has taken it gets the same answer again, for nothing.
    func take(_ order: OrderID, by executor: Int) async throws -> Take {
        let wish = TakeWish(order: order, executor: executor, transaction: .v7())
        let outcome =
            if let done = try await together.first(wish) { done } else { try await database.one(TakeQueries.take(wish, terms)) }
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
