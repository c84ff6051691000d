import Service
import Values

/// Which postings a refund makes: those of the payment, backwards, in proportion.
struct RefundPostings {
    let refund: Money
    let isUnused: Bool
    let payee: Scope
    /// What of the commission goes back with it.
    let commission: Int64

    init(_ refund: Refund, of payment: Payment, before sums: RefundSums) throws(ArithmeticError) {
        try self.init(
            refund.amount, isUnused: refund.isUnused, payee: payment.payee, commission: payment.commission,
            used: payment.state.captured - sums.unused, before: sums.returned)
    }

    /// - Parameters:
    ///   - commission: what the platform took of the payment.
    ///   - used: what of the payment was used for its purpose, on which the commission was taken.
    ///   - before: what of that had gone back already.
    init(
        _ refund: Money, isUnused: Bool, payee: Scope, commission: Int64, used: Int64, before: Int64
    ) throws(ArithmeticError) {
        self.refund = refund
        self.isUnused = isUnused
        self.payee = payee
        if isUnused || commission == 0 {
            self.commission = 0
        } else {
            // The difference of two shares, so that all refunds together give back exactly what was taken.
            let whole = Money(minor: commission, currency: refund.currency)
            let after = try whole.scaled(by: before + refund.minor, over: used)
            self.commission = try (after - whole.scaled(by: before, over: used)).minor
        }
    }

    /// - Parameter provider: nil for money that was taken by hand.
    func postings(through provider: String?) -> [Posting] {
        let amount = refund.minor
        let currency = refund.currency
        guard let provider else {
            return [
                Posting(.atHand(payee, currency), amount), Posting(.collected(payee, currency), -amount),
                Posting(.commissionDue(payee, currency), commission), Posting(.commission(currency), -commission),
            ]
        }
        if isUnused {
            return [Posting(.refundsDue(currency), -amount), Posting(.clearing(provider, currency), amount)]
        }
        return [
            Posting(.payable(payee, currency), commission - amount), Posting(.commission(currency), -commission),
            Posting(.clearing(provider, currency), amount),
        ]
    }
}
