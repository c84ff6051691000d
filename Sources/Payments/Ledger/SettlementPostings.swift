import Service
import Values

/// Which postings a settled payment makes. Pure, and balanced by construction.
struct SettlementPostings {
    let payee: Scope
    let currency: Currency
    /// What came in.
    let amount: Int64
    /// Of it, what goes back to the payer because nothing was open any more.
    let rest: Int64
    /// The platform's share of what was kept.
    let commission: Int64
    /// The provider's own charge.
    var fee: Int64 = 0
    /// Who gets what was kept, where that is not what the platform owes the payee.
    var beneficiary: LedgerAccount?

    /// Through a provider: the platform holds the money and owes it to the payee.
    func online(through provider: String) -> [Posting] {
        [
            Posting(.clearing(provider, currency), -amount + fee),
            Posting(.fees(currency), -fee),
            Posting(beneficiary ?? .payable(payee, currency), amount - rest - commission),
            Posting(.commission(currency), commission),
            Posting(.refundsDue(currency), rest),
        ].filter { $0.amount != 0 }
    }

    /// Taken by hand: the payee has the money already and owes the commission.
    func byHand() -> [Posting] {
        [
            Posting(.atHand(payee, currency), -amount),
            Posting(.collected(payee, currency), amount),
            Posting(.commissionDue(payee, currency), -commission),
            Posting(.commission(currency), commission),
        ].filter { $0.amount != 0 }
    }
}
