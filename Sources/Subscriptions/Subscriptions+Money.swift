import Invoices
import Payments
import Postgres
import Service
import Values

/// What money does to subscriptions.
extension Subscriptions {
    static func invoiceKind(_ type: ScopeType) -> String { "\(type.name)_subscription" }

    /// What the module invoices: one kind per type of subscriber.
    package static func invoiceKinds(_ products: [SubscriptionProduct]) -> [InvoiceKind] {
        Set(products.map(\.subscriberType)).sorted { $0.name < $1.name }.map { type in
            let sold = products.filter { $0.subscriberType == type }
            return InvoiceKind(
                invoiceKind(type), product: "subscriptions", series: "SUB", digits: 4, dueDays: 15, followsIndia: true,
                debtor: type, scope: type, issuer: .platform
            ) { debtors in
                var contacts: [InvoiceContact] = []
                for debtor in debtors {
                    let users = try await sold.first?.contacts(debtor) ?? []
                    contacts += users.map { InvoiceContact(debtor: debtor, user: $0) }
                }
                return contacts
            }
        }
    }

    /// Inside a transaction: the charge has been paid. What it was for holds from now on, once.
    func apply(_ charge: Charge, paidBy payment: UUID?) async throws {
        let now = clock.now()
        let before = try await lock(charge.subscriptionID)
        try await database.execute(ChargeQueries.paid(charge.id, by: payment, at: now))
        var after = before
        let price = try await plan(charge.planID).price(charge.cycle, in: charge.amount.currency) ?? charge.price
        switch charge.kind {
        case .first:
            after.begin(now, until: charge.cycle.end(of: now, anchor: now.day.day))
            try await keep(NewChange(.activated, from: before, to: after), "subscription.activated")
        case .change:
            let next = after.nextCycle
            after.take(charge.planID, charge.cycle, price)
            after.nextCycle = next
            try await keep(NewChange(.upgraded, from: before, to: after), "subscription.changed")
        case .renewal:
            // Paid ahead, it begins when the present period ends.
            guard before.status == .pastDue || charge.fromAt <= now else { return }
            try await roll(before, into: charge)
        }
        try await thank(try await subscription(after.id), for: charge)
    }

    /// The period that was paid for begins.
    func roll(_ before: Subscription, into charge: Charge) async throws {
        var after = before
        after.take(charge.planID, charge.cycle, charge.price)
        after.begin(charge.fromAt, until: charge.toAt)
        try await keep(NewChange(.renewed, from: before, to: after), "subscription.renewed")
    }

    /// Inside a transaction: asks for the period after the present one, with an invoice; once, whoever asks how often.
    func askRenewal(of subscription: Subscription) async throws {
        // A dearer plan that was not paid for in its period is not asked for beyond it.
        if let open = try await database.first(ChargeQueries.open(of: subscription.id)), open.kind == .change {
            try await withdrawCharge(of: subscription.id, because: "The period is over.")
        }
        let start = subscription.periodEndAt
        let planID = subscription.nextPlanID ?? subscription.planID
        let cycle = subscription.nextCycle ?? subscription.cycle
        let plan = try await plan(planID)
        guard let price = try plan.price(cycle, in: subscription.amount.currency), !price.isZero else { return }
        let charge = Charge(
            id: .new(), subscriptionID: subscription.id, kind: .renewal, planID: planID, cycle: cycle, amount: price,
            fromAt: start, toAt: cycle.end(of: start, anchor: subscription.anchorDay))
        guard let asked = try await ask(charge) else { return }
        _ = try await invoice(asked, of: subscription, plan)
        try await collect(subscription)
    }

    /// Inside a transaction: has a job pay what is open by what the subscriber has saved, if he has. It is asked for as often
    /// as the subscriber is.
    func collect(_ subscription: Subscription) async throws {
        guard subscription.savedMethodID != nil else { return }
        try await jobs.enqueue(
            SubscriptionJobs.payment, SubscriptionPayment(subscriptionID: subscription.id, effect: .v7()),
            dedupe: "subscription-payment:\(subscription.id)")
    }

    private func invoice(_ charge: Charge, of subscription: Subscription, _ plan: Plan) async throws -> ID<Invoice> {
        let parties = InvoiceParties(
            issuer: .platform, debtor: subscription.subscriber, scope: subscription.subscriber)
        let parts = try tax.parts(of: charge.amount, price: charge.price, buyer: try await taxState(of: subscription))
        let line = NewInvoiceItem(
            description: "\(plan.name), \(charge.fromAt.day) – \(charge.toAt.day)", quantity: 1,
            unitPrice: UnitPrice(raw: parts.net.minor * (1_000_000 / Money.unit(of: parts.net.currency))))
        var draft = NewInvoice(
            kind: Self.invoiceKind(subscription.subscriber.type), parties: parties,
            object: Scope("subscription_charge", charge.id.uuid), currency: charge.amount.currency,
            timeZone: GoodsTax.zone(of: charge.amount.currency),
            items: [line])
        if !parts.taxes.isEmpty { draft.taxes = parts.taxes }
        guard let created = try await invoices.createIssued(draft) else { throw InvoiceProblem.invoiceExists }
        try await database.execute(ChargeQueries.invoiced(charge.id, created.id.uuid))
        return created.id
    }

    private func taxState(of subscription: Subscription) async throws -> Int? {
        guard let id = subscription.subscriber.id, let sold = product(subscription.product, subscription.subscriber.type) else {
            return nil
        }
        return try await sold.taxState(id)
    }

    /// Inside the settling transaction: gives a payment to what is open. Money of another amount is no use.
    func settle(_ payment: Payment) async throws -> Int64 {
        let id = ID<Subscription>(payment.purposeID)
        let subscription = try await lock(id)
        guard let charge = try await database.first(ChargeQueries.open(of: id)), charge.amount == payment.state.amount,
            subscription.status.isLive
        else { return 0 }
        let known: ID<Invoice>? = charge.invoiceID.map { ID($0) }
        let bill: ID<Invoice> =
            if let known { known } else { try await invoice(charge, of: subscription, try await plan(charge.planID)) }
        try await invoices.pay(bill, charge.amount.minor, payment: payment.id.uuid)
        try await apply(charge, paidBy: payment.id.uuid)
        return charge.amount.minor
    }

    /// All of a period's money has gone back: so does the period, when it is the present one.
    func takeBack(_ money: Money, of payment: Payment) async throws {
        try await invoices.takeBack(money.minor, of: payment.id.uuid)
        guard let charge = try await database.first(ChargeQueries.ofPayment(payment.id.uuid)), charge.status == .paid,
            money == charge.amount
        else { return }
        let before = try await lock(charge.subscriptionID)
        try await database.execute(ChargeQueries.mark(charge.id, .refunded))
        guard before.status.isEntitling, charge.kind != .change, charge.fromAt <= clock.now() else { return }
        var after = before
        try after.cancel(at: clock.now(), reason: "The payment was refunded.", immediately: true)
        try await keep(NewChange(.cancelled, from: before, to: after, reason: after.cancelReason), "subscription.expired")
    }

    /// An invoice of ours was paid by another way than our purpose: by hand, or as an invoice.
    func invoicePaid(_ id: UUID) async throws {
        try await database.transaction { _ in
            guard let known = try await database.first(ChargeQueries.ofInvoice(id)) else { return }
            _ = try await lock(known.subscriptionID)
            guard let charge = try await database.first(ChargeQueries.ofInvoice(id)), charge.status == .open else { return }
            try await apply(charge, paidBy: nil)
        }
    }
}

/// Paying what a subscription asks for. The object is the subscription; whoever is its subscriber pays.
package struct SubscriptionPurpose: PaymentPurpose {
    static let name = "subscription"
    private static let lifetime = Duration.seconds(3600)

    let door: Subscriptions
    package var name: String { Self.name }

    package init(_ door: Subscriptions) { self.door = door }

    package func quote(_ object: UUID, _ wish: PaymentWish, by caller: Caller) async throws -> PaymentQuote {
        let id = ID<Subscription>(object)
        guard let subscription = try await door.database.first(SubscriptionQueries.subscription(id)),
            try await door.isSubscriber(caller, subscription)
        else { throw HouseProblem.notFound.problem }
        guard let charge = try await door.database.first(ChargeQueries.open(of: id)) else { throw PaymentProblem.alreadyPaid }
        let plan = try await door.plan(charge.planID)
        return PaymentQuote(
            product: subscription.product, amount: try wish.whole(of: charge.amount), scope: subscription.subscriber,
            payee: .platform, lockKey: "subscription:\(charge.id)", lifetime: Self.lifetime,
            description: plan.name, metadata: ["plan": plan.slug, "cycle": charge.cycle.rawValue])
    }

    package func due(_ object: UUID) async throws -> PaymentDue? {
        guard let charge = try await door.database.first(ChargeQueries.open(of: ID(object))) else { return nil }
        return PaymentDue(charge.amount, for: try await door.plan(charge.planID).name, on: charge.fromAt.day)
    }

    package func settle(_ payment: Payment) async throws -> Int64 { try await door.settle(payment) }

    package func takeBack(_ money: Money, of payment: Payment) async throws {
        try await door.takeBack(money, of: payment)
    }
}
