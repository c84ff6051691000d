import Postgres
import Service
import Values

/// The nightly comparisons. A difference is a row and an alarm, never repaired silently.
extension Payments {
    /// How many differences of a night are kept; their number is told in full.
    private static let most = 500

    /// Compares the orders of the last three days with what each provider says that it has received.
    ///
    /// - Returns: how many differences there are.
    @discardableResult
    func reconcile() async throws -> Int {
        var found = 0
        for name in providers.names {
            do { found += try await reconcile(try providers.named(name)) } catch where error is OutsideFailure || error is ProviderRefusal {
                // One provider that does not answer tonight, or not that, holds the others up no more than its own row.
                followUp.log.error("a provider could not be compared", ["provider": .text(name), "error": .text("\(error)")])
            }
        }
        return found
    }

    private func reconcile(_ provider: any PaymentProvider) async throws -> Int {
        let now = clock.now()
        let from = now - .days(3)
        guard let theirs = try await receipts(of: provider, from: from, to: now) else { return 0 }
        // What was begun an hour ago may not be on both sides yet, nor what lies at the far end of the time.
        var ours: [BookedPayment] = []
        while true {
            let page = try await database.all(
                ReconciliationQueries.booked(
                    provider.name, from: from - .days(2), to: now, settledBefore: now - .hours(1),
                    after: ours.last?.orderID, limit: 1000))
            ours += page
            if page.count < 1000 { break }
        }
        let seen = Set(theirs.flatMap { [$0.orderID, $0.paymentID].compactMap { $0 } })
        let edge = try await database.all(
            ReconciliationQueries.booked(
                provider.name, from: from + .hours(1), to: now, settledBefore: now - .hours(1), after: nil, limit: 100_000))
        let inside = Set(edge.map(\.orderID))
        // Older ones serve to know the provider's receipts again; that they are not among these says nothing.
        let compared = ours.filter { inside.contains($0.orderID) || seen.contains($0.orderID) || seen.contains($0.paymentID ?? "") }
        return try await keep(Comparison(ours: compared, theirs: theirs), of: provider.name)
    }

    /// Nil for a provider that has no list.
    private func receipts(
        of provider: any PaymentProvider, from: Instant, to: Instant
    ) async throws -> [ProviderReceipt]? {
        var all: [ProviderReceipt] = []
        var cursor: String?
        // A bound, in case a provider's list never ends.
        for _ in 0..<1000 {
            guard let page = try await provider.receipts(from: from, to: to, after: cursor) else { return nil }
            all += page.receipts
            guard let next = page.next, next != cursor else { return all }
            cursor = next
        }
        throw OutsideFailure.incomprehensible("a list without an end")
    }

    private func keep(_ comparison: Comparison, of name: String) async throws -> Int {
        try await database.execute(
            ReconciliationQueries.keep(
                name, clock.today, checked: comparison.checked, matched: comparison.matched,
                differences: Array(comparison.differences.prefix(Self.most)), now: clock.now()))
        if !comparison.differences.isEmpty { followUp.differs(name, comparison.differences.count) }
        return comparison.differences.count
    }

    /// The nightly look at the book: balances are the sums of their entries, transactions sum to zero.
    ///
    /// - Returns: how many differences there are.
    @discardableResult
    func auditLedger() async throws -> Int {
        let found = try await database.all(LedgerQueries.differences)
        let differences = found.map { difference in
            Difference(
                kind: difference.kind == "account" ? .account : .transaction, subject: "\(difference.id)",
                ours: "\(difference.difference)", theirs: "0")
        }
        let size = try await database.one(ReconciliationQueries.bookSize)
        try await database.execute(
            ReconciliationQueries.keep(
                "ledger", clock.today, checked: size, matched: max(0, size - found.count), differences: differences,
                now: clock.now()))
        if !differences.isEmpty { followUp.differs("ledger", differences.count) }
        return differences.count
    }
}
