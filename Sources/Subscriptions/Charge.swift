import JSON
import Postgres
import Values

/// What is asked of a subscriber.
struct Charge: Row {
    let id: ID<Charge>
    let subscriptionID: ID<Subscription>
    let kind: ChargeKind
    let planID: ID<Plan>
    let cycle: BillingCycle
    /// What is asked for.
    private(set) var amount: Money
    let fromAt: Instant
    let toAt: Instant
    let status: ChargeStatus
    let paidAt: Instant?
    let invoiceID: UUID?
    /// What of the amount was added to the price as tax.
    private(set) var addedTax: Int64 = 0

    /// What the period costs.
    var price: Money { Money(minor: amount.minor - addedTax, currency: amount.currency) }

    /// The same with a tax asked for beside the price.
    func adding(_ tax: Money) throws -> Charge {
        var charge = self
        charge.amount = try amount + tax
        charge.addedTax = tax.minor
        return charge
    }

    init(
        id: ID<Charge>, subscriptionID: ID<Subscription>, kind: ChargeKind, planID: ID<Plan>, cycle: BillingCycle,
        amount: Money, fromAt: Instant, toAt: Instant
    ) {
        self.id = id
        self.subscriptionID = subscriptionID
        self.kind = kind
        self.planID = planID
        self.cycle = cycle
        self.amount = amount
        self.fromAt = fromAt
        self.toAt = toAt
        status = .open
        paidAt = nil
        invoiceID = nil
    }

    /// The columns of `ChargeQueries.columns`, in that order.
    init(_ row: inout RowReader) throws {
        id = try row.next()
        subscriptionID = try row.next()
        kind = try row.next()
        planID = try row.next()
        cycle = try row.next()
        amount = Money(minor: try row.next(), currency: try row.next())
        fromAt = try row.next()
        toAt = try row.next()
        status = try row.next()
        paidAt = try row.next()
        invoiceID = try row.next()
        addedTax = try row.next()
    }
}

enum ChargeKind: String, WireEnum {
    /// The period with which it begins.
    case first
    case renewal
    /// The rest of a period on a dearer plan.
    case change
}

enum ChargeStatus: String, WireEnum {
    case open, paid, void, refunded
}
