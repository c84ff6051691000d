import Postgres
import Values

/// The SQL of `subscriptions.charges` and `subscriptions.usage_units`.
enum ChargeQueries {
    private static let columns: SQL = """
        c.id, c.subscription_id, c.kind, c.plan_id, c.cycle, c.amount, c.currency, c.from_at, c.to_at, c.status, c.paid_at,
        c.invoice_id, c.added_tax
        """

    /// Nothing is written when one is open, or the period's renewal is there. Indexes `charges_open`, `charges_renewal`.
    static func insert(_ charge: Charge, at now: Instant) -> Command {
        Command(
            """
            insert into subscriptions.charges (id, created_at, subscription_id, kind, plan_id, cycle, amount, currency,
                from_at, to_at, added_tax)
            values (\(charge.id), \(now), \(charge.subscriptionID), \(charge.kind), \(charge.planID), \(charge.cycle),
                \(charge.amount.minor), \(charge.amount.currency), \(charge.fromAt), \(charge.toAt), \(charge.addedTax))
            on conflict do nothing
            """)
    }

    static func open(of id: ID<Subscription>) -> Statement<Charge> {
        Statement("select \(columns) from subscriptions.charges c where c.subscription_id = \(id) and c.status = 'open'")
    }

    /// The renewal of the period that begins then, paid or not.
    static func renewal(of id: ID<Subscription>, from start: Instant) -> Statement<Charge> {
        Statement(
            """
            select \(columns) from subscriptions.charges c
             where c.subscription_id = \(id) and c.kind = 'renewal' and c.from_at = \(start) and c.status <> 'void'
            """)
    }

    /// Index `charges_invoice`.
    static func ofInvoice(_ id: UUID) -> Statement<Charge> {
        Statement("select \(columns) from subscriptions.charges c where c.invoice_id = \(id)")
    }

    /// Index `charges_payment`.
    static func ofPayment(_ id: UUID) -> Statement<Charge> {
        Statement("select \(columns) from subscriptions.charges c where c.payment_id = \(id)")
    }

    static func invoiced(_ id: ID<Charge>, _ invoice: UUID) -> Command {
        Command("update subscriptions.charges set invoice_id = \(invoice) where id = \(id)")
    }

    static func paid(_ id: ID<Charge>, by payment: UUID?, at now: Instant) -> Command {
        Command(
            """
            update subscriptions.charges set status = 'paid', paid_at = \(now), payment_id = \(payment) where id = \(id)
            """)
    }

    static func mark(_ id: ID<Charge>, _ status: ChargeStatus) -> Command {
        Command("update subscriptions.charges set status = \(status) where id = \(id)")
    }

    // MARK: Units

    static func used(of id: ID<Subscription>, since start: Instant) -> Statement<UsedUnits> {
        Statement(
            """
            select name, count(*) from subscriptions.usage_units
             where subscription_id = \(id) and period_start_at = \(start) and returned_at is null group by name
            """)
    }

    /// Nothing is written for an object that has a unit, returned or not.
    static func take(_ name: String, _ object: UUID, of id: ID<Subscription>, since start: Instant) -> Command {
        Command(
            """
            insert into subscriptions.usage_units (subscription_id, name, object_id, period_start_at)
            values (\(id), \(name), \(object), \(start)) on conflict do nothing
            """)
    }

    static func giveBack(_ name: String, _ object: UUID, of id: ID<Subscription>, at now: Instant) -> Command {
        Command(
            """
            update subscriptions.usage_units set returned_at = \(now)
             where subscription_id = \(id) and name = \(name) and object_id = \(object) and returned_at is null
            """)
    }

    static var samples: [StatementSample] {
        let now = Instant.distantPast
        let charge = Charge(
            id: .new(), subscriptionID: .new(), kind: .first, planID: .new(), cycle: .monthly, amount: .zero(.eur),
            fromAt: now, toAt: now)
        return [
            StatementSample("new charge", insert(charge, at: now)), StatementSample("open charge", open(of: .new())),
            StatementSample("renewal", renewal(of: .new(), from: now)),
            StatementSample("charge of an invoice", ofInvoice(.zero)),
            StatementSample("charge of a payment", ofPayment(.zero)),
            StatementSample("invoiced charge", invoiced(.new(), .zero)),
            StatementSample("paid charge", paid(.new(), by: nil, at: now)), StatementSample("marked charge", mark(.new(), .void)),
            StatementSample("used units", used(of: .new(), since: now)),
            StatementSample("taken unit", take("a", .zero, of: .new(), since: now)),
            StatementSample("returned unit", giveBack("a", .zero, of: .new(), at: now)),
        ]
    }
}

struct UsedUnits: Row {
    let name: String
    let count: Int

    init(_ row: inout RowReader) throws {
        name = try row.next()
        count = try row.next()
    }
}
