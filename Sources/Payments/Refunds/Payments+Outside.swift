import Postgres
import Service
import Values

extension Payments {
    /// A provider tells of money that it has given back though nobody here has asked for it: its own support has, or somebody
    /// in its console. The refund is written down as one that has failed, and the provider is asked what became of it; only
    /// what it has sent is booked.
    ///
    /// - Parameter charge: what the provider calls the payment.
    /// - Returns: false for what is none of ours, or under way already.
    func noteGivenBack(_ charge: String, by provider: String) async throws -> Bool {
        guard let id = try await database.first(RefundQueries.payment(provider: provider, charge: charge)) else { return false }
        let written: ID<Refund>? = try await database.transaction { _ in
            let payment = try await lock(id)
            guard payment.state.status == .succeeded, try await database.one(RefundQueries.reserved(id)) == 0 else { return nil }
            if let known = try await database.first(RefundQueries.outside(id)) { return known }
            let new = NewRefund(
                payment: id, amount: payment.state.captured, status: .failed, reason: .other,
                details: "Given back by the provider.", requestedBy: nil, requester: .system, isUnused: false)
            try await database.execute(RefundQueries.insert(new, month: ReceiptSeries.month(of: clock.now()), now: clock.now()))
            try await forget(id, of: payment.payerID)
            return new.id
        }
        guard let written else { return false }
        let refund = try await check(written)
        followUp.log.warning(
            "a provider has given a payment back by itself",
            ["payment": .text("\(id)"), "status": .text(refund.state.status.rawValue)])
        return true
    }
}
