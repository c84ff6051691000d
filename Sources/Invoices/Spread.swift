import Values

/// How money that has come for one invoice is shared out. A pure computation: no unit is lost and none is made.
package struct Spread: Equatable, Sendable {
    package struct Share: Equatable, Sendable {
        package let invoice: ID<Invoice>
        package let amount: Int64
    }

    package private(set) var shares: [Share] = []
    /// What no open invoice takes: it goes back to the payer.
    package private(set) var rest: Money

    /// What the invoices took together.
    package var taken: Int64 { shares.reduce(0) { $0 + $1.amount } }

    init(_ amount: Money, over open: [LockedInvoice], first: ID<Invoice>) {
        self.init(
            amount,
            over: open.filter { $0.invoice.currency == amount.currency }.map {
                Place(invoice: $0.invoice.id, balance: $0.invoice.state.balance, dueOn: $0.invoice.state.dueOn)
            },
            first: first)
    }

    init(_ amount: Money, over open: [Place], first: ID<Invoice>) {
        rest = amount
        let others = open.filter { $0.invoice != first }.sorted { ($0.dueOn, $0.invoice) < ($1.dueOn, $1.invoice) }
        for place in open.filter({ $0.invoice == first }) + others where rest.minor > 0 && place.balance > 0 {
            let share = min(rest.minor, place.balance)
            shares.append(Share(invoice: place.invoice, amount: share))
            rest = Money(minor: rest.minor - share, currency: rest.currency)
        }
    }

    /// An open invoice that could take some of it.
    struct Place: Equatable {
        let invoice: ID<Invoice>
        let balance: Int64
        let dueOn: Day
    }
}
