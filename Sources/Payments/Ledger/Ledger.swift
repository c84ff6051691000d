import Postgres
import Values

/// The book. Whoever moves money writes it here, in the transaction that moves it.
package struct Ledger: Sendable {
    let database: Database
    let clock: Clock

    package init(database: Database, clock: Clock = .system) {
        self.database = database
        self.clock = clock
    }

    /// Writes a movement, once per key, in one round trip.
    ///
    /// - Returns: false when a movement of this key stands in the book already; nothing is written then. Throws
    ///   `balance_too_low` when an account would fall below its floor.
    @discardableResult
    package func post(_ transaction: NewTransaction) async throws -> Bool {
        precondition(transaction.postings.isBalanced, "postings of \(transaction.kind) do not sum to zero")
        // One order for everybody, so that no two postings wait for each other in a circle.
        let postings = transaction.postings.filter { $0.amount != 0 }.sorted { $0.account.id < $1.account.id }
        if postings.isEmpty { return true }
        do {
            let (_, entries) = try await database.write(
                LedgerQueries.open(postings.map(\.account)),
                LedgerQueries.post(transaction, postings, id: .v7(), now: clock.now()))
            return entries > 0
        } catch let error as DatabaseError where error.violates("accounts_floor") {
            throw PaymentProblem.balanceTooLow
        }
    }
}
