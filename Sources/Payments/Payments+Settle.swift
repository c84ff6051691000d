import Postgres
import Service
import Values

/// The one way in which money is granted. Webhook, verification and checks all come here.
extension Payments {
    /// Asks the provider what became of the payment and carries that out, once, whoever asks how often at once.
    @discardableResult
    package func settle(_ id: ID<Payment>) async throws -> PaymentWithAttempt {
        let known = try await payment(id)
        guard let begun = known.attempt, !known.payment.state.status.isPaid, !begun.isBeingMade(at: clock.now()) else {
            return known
        }
        // Asked before the row is locked: no transaction waits for somebody outside.
        let (attempt, report) = try await ask(begun, of: known.payment)
        try await database.transaction { _ in try await carryOut(report, attempt) }
        return try await payment(id)
    }

    /// What is contested stays where it is until it is ours again.
    func note(_ dispute: WebhookEvent.Dispute, of payment: Payment) async throws {
        try await database.transaction { _ in
            _ = try await lock(payment.id)
            let now = clock.now()
            try await database.execute(PaymentQueries.disputed(payment.id, since: dispute == .begun ? now : nil, now: now))
            try await forget(payment.id, of: payment.payerID)
            if dispute == .begun { try await followUp.disputed(payment) }
        }
    }

    private func ask(
        _ begun: PaymentAttempt, of payment: Payment
    ) async throws -> (attempt: PaymentAttempt, report: ProviderReport) {
        let provider = try providers.named(begun.provider)
        var attempt = begun
        if attempt.orderID == nil {
            guard let order = try await provider.find(try await request(attempt, of: payment)) else {
                return (attempt, ProviderReport(.failed(.orderMissing)))
            }
            try await note(order, of: attempt)
            attempt = attempt.known(as: order)
        }
        var report = try await provider.status(of: attempt)
        attempt.providerPaymentID = report.paymentID ?? attempt.providerPaymentID
        if report.answer == .authorized, payment.capture == .automatic, payment.state.status.isOpen {
            try await provider.capture(payment.state.expected, of: attempt)
            report = try await provider.status(of: attempt)
        }
        return (attempt, report)
    }

    /// Inside a transaction: what the provider said of an order becomes what the payment is.
    func carryOut(_ report: ProviderReport, _ attempt: PaymentAttempt) async throws {
        let payment = try await lock(attempt.paymentID)
        var state = payment.state
        var consequence = state.receive(report.answer)
        if consequence == .nothing, report.answer == .open, payment.expiresAt <= clock.now() { consequence = state.expire() }
        if consequence != .nothing { try await forget(payment.id, of: payment.payerID) }
        switch consequence {
        case .nothing:
            break
        case .changed:
            try await database.write(
                PaymentQueries.save(state, of: payment.id, now: clock.now()),
                PaymentQueries.reported(attempt.id, report, status: state.status))
        case .ended, .alarm:
            try await database.write(
                PaymentQueries.save(state, of: payment.id, now: clock.now()),
                PaymentQueries.saveAttempts(state.status, of: payment.id),
                PaymentQueries.reported(attempt.id, report, status: nil))
            try await followUp.ended(payment, state, alarm: consequence == .alarm)
        case .settle:
            try await succeed(payment, state, through: attempt, report)
        }
    }

    /// Locks follow one order everywhere: payment, invoices, receipt counter, accounts.
    private func succeed(
        _ before: Payment, _ state: PaymentState, through attempt: PaymentAttempt, _ report: ProviderReport
    ) async throws {
        var payment = before
        payment.state = state
        payment.payee = try await purposes[payment.purpose]?.payee(of: payment) ?? payment.payee
        let received = payment.received
        let used = try await use(received, of: payment)
        let rest = received.minor - used
        let fee = try fee(of: received, by: attempt.provider, report)
        let commission = try await commission(of: payment.product, on: used, payment)
        let receipt = ReceiptSeries(scope: payment.scope, at: clock.now())
        _ = try await database.one(
            PaymentQueries.succeed(
                payment.id, state: state, payee: payment.payee, commission: commission, fee: fee, method: report.method, receipt: receipt,
                now: clock.now()))
        try await database.execute(PaymentQueries.reported(attempt.id, report, status: .succeeded))
        try await keep(report.kept, of: payment, at: attempt.provider)
        let postings = SettlementPostings(
            payee: payment.payee, currency: received.currency, amount: received.minor, rest: rest, commission: commission,
            fee: fee, beneficiary: purposes[payment.purpose]?.beneficiary(of: payment))
        try await ledger.post(
            NewTransaction(
                kind: "payment", product: payment.product, object: Scope("payment", payment.id.uuid),
                idempotencyKey: "payment:\(payment.id)", description: payment.description,
                postings: postings.online(through: attempt.provider)))
        if rest > 0 { try await giveBack(rest, of: payment) }
        try await followUp.succeeded(payment, state)
    }

    /// What the payer wanted to be kept for him, and the provider has kept.
    private func keep(_ method: KeptMethod?, of payment: Payment, at provider: String) async throws {
        guard payment.savesMethod, let user = payment.payerID, let method else { return }
        _ = try await database.first(MethodQueries.lock(user))
        _ = try await database.first(MethodQueries.keep(.new(), method, of: user, at: provider, now: clock.now()))
    }

    /// What the provider keeps: as it says, else by its price list.
    private func fee(of received: Money, by provider: String, _ report: ProviderReport) throws -> Int64 {
        let fee = try report.fee ?? (try providers.named(provider)).tariff?.fee(of: received) ?? 0
        return min(max(fee, 0), received.minor)
    }

    private func use(_ money: Money, of payment: Payment) async throws -> Int64 {
        guard let purpose = purposes[payment.purpose] else {
            // The product has been switched off since: nobody can use the money, all of it goes back.
            return 0
        }
        let used = try await purpose.settle(payment)
        precondition((0...money.minor).contains(used), "purpose \(purpose.name) used \(used) of \(money)")
        return used
    }

    func commission(of product: String, on used: Int64, _ payment: Payment) async throws -> Int64 {
        try await commission(of: product, on: Money(minor: used, currency: payment.state.amount.currency), payment.payee)
    }

    func commission(of product: String, on money: Money, _ payee: Scope) async throws -> Int64 {
        // The platform pays itself nothing: its own fees are its payees' invoices.
        if payee == .platform { return 0 }
        let policy = commissions[product] ?? .none
        return try await policy.commission(for: payee).share(of: money)
    }
}
