import Invoices
import JSON
import Postgres
import Service
import Values

extension PaymentQueries {
    /// One of each statement, for the test that prepares them against a migrated database.
    static var samples: [StatementSample] {
        let now = Instant.now
        let new = Specimens.payment(now)
        let attempt = PaymentAttempt.first(of: new)
        let state = PaymentState(status: .pending, amount: new.quote.amount)
        let receipt = ReceiptSeries(scope: new.quote.scope, at: now)
        return pageSamples + [
            StatementSample("payments.payer", payer(of: new.id)),
            StatementSample("payments.insert", insert(new, now: now)),
            StatementSample("payments.open", open(lockKey: "x")),
            StatementSample("payments.insertAttempt", insertAttempt(attempt, checkAt: now, now: now)),
            StatementSample("payments.opened", opened(attempt.id, order: "x", checkout: [])),
            StatementSample("payments.setOut", setOut(attempt.id, now: now)),
            StatementSample("payments.cameBack", cameBack(attempt.id)),
            StatementSample("payments.gaveUp", gaveUp(attempt.id, error: "x")),
            StatementSample("payments.moved", moved(new.id, to: "x", isLive: false, now: now)),
            StatementSample("payments.reported", reported(attempt.id, ProviderReport(.open), status: .succeeded)),
            StatementSample("payments.capture", capture(new.id, 1, now: now)),
            StatementSample("payments.payer", payer(.zero)),
            StatementSample("payments.payment", payment(new.id)),
            StatementSample("payments.byReference", payment(reference: "x")),
            StatementSample("payments.byAttempt", payment(attempt: attempt.id)),
            StatementSample("payments.byOrder", payment(provider: "x", order: "x")),
            StatementSample("payments.disputed", disputed(.new(), since: nil, now: now)),
            StatementSample("payments.lock", lock(new.id)),
            StatementSample("payments.due", due(now: now, limit: 1)),
            StatementSample("payments.save", save(state, of: new.id, now: now)),
            StatementSample("payments.saveAttempts", saveAttempts(.failed, of: new.id)),
            StatementSample("payments.checked", checked(attempt.id, next: nil)),
            StatementSample("payments.dueOne", due(PaymentCheckJob(paymentID: .new(), check: 1))),
            StatementSample(
                "payments.succeed", succeed(new.id, state: state, payee: .platform, commission: 0, fee: 0, method: nil, receipt: receipt, now: now)),
            StatementSample(
                "payments.insertByHand",
                insertByHand(new.id, Specimens.byHand(now), commission: 0, receipt: receipt, now: now)),
        ]
    }

    private static var pageSamples: [StatementSample] {
        let filter = PaymentFilter(
            scopeID: .zero, product: "x", purpose: "x", purposeID: .zero, status: .pending, method: "x", provider: "x",
            payerID: .zero, from: .first, to: .first, q: "x")
        let selection = PaymentSelection(
            sight: PaymentSight(staff: [.zero], payer: .zero, isEverything: false), filter: filter)
        let own = PaymentSelection(sight: PaymentSight(staff: [], payer: .zero, isEverything: false), filter: filter)
        return [
            StatementSample("payments.stats", stats(selection, currency: .eur)),
            StatementSample("payments.exported", exported(selection, after: nil, limit: 1)),
            StatementSample("payments.counted", counted(selection, upTo: 1)),
            StatementSample("payments.totals", totals(own)), StatementSample("payments.countOfInvoice", count(ofInvoice: .new()))]
            + [true, false].flatMap { isDescending in
                let request = PageRequest(sort: "createdAt", isDescending: isDescending)
                return [
                    StatementSample("payments.page.\(isDescending)", page(selection, request)),
                    StatementSample("payments.ofInvoice.\(isDescending)", page(ofInvoice: .new(), request)),
                ]
            }
    }
}

extension RefundQueries {
    static var samples: [StatementSample] {
        let now = Instant.now
        let new = NewRefund(
            payment: .new(), amount: 1, status: .approved, reason: .other, details: nil, requestedBy: nil,
            requester: .staff, isUnused: false)
        let state = RefundState(.approved)
        let selection = RefundSelection(
            sight: PaymentSight(staff: [.zero], payer: .zero, isEverything: false),
            filter: RefundFilter(status: .approved, paymentID: .new(), scopeID: .zero))
        return [
            StatementSample("refunds.question", question(of: new.id)),
            StatementSample("refunds.insert", insert(new, month: "202611", now: now)),
            StatementSample("refunds.reserved", reserved(new.payment)),
            StatementSample("refunds.charge", payment(provider: "x", charge: "x")),
            StatementSample("refunds.outside", outside(new.payment)),
            StatementSample("refunds.abandoned", abandoned(rounds: 1, now: now, limit: 1)),
            StatementSample("refunds.resumed", resumed(AbandonedRefund(id: .new(), resumptions: 0))),
            StatementSample("refunds.retried", retried(state, of: new.id, key: .zero, now: now)),
            StatementSample("refunds.accepted", accepted(new.id, providerID: "x", now: now)),
            StatementSample("refunds.pending", pending(limit: 1)),
            StatementSample("refunds.named.key", named("\(UUID.zero)")),
            StatementSample("refunds.named.id", named("x")),
            StatementSample("refunds.sums", sums(new.payment)),
            StatementSample("refunds.refund", refund(new.id)),
            StatementSample("refunds.lock", lock(new.id)),
            StatementSample("refunds.ofPayment", refunds(of: [new.payment])),
            StatementSample("refunds.askForInformation", askForInformation(new.id, "x", now: now)),
            StatementSample("refunds.approve", approve(new.id, 1, by: .zero, now: now)),
            StatementSample("refunds.count", count(selection)),
            StatementSample("refunds.page.up", page(selection, PageRequest(sort: "createdAt"))),
            StatementSample("refunds.page.down", page(selection, PageRequest(sort: "createdAt", isDescending: true))),
            StatementSample("refunds.save", save(state, of: new.id, failure: nil, now: now)),
            StatementSample("refunds.decide", decide(state, of: new.id, by: nil, reason: nil, now: now)),
            StatementSample("refunds.succeeded", succeeded(new.id, state: state, providerID: "x", now: now)),
        ]
    }
}

extension LedgerQueries {
    static var samples: [StatementSample] {
        let account = LedgerAccount.commission(.eur)
        let transaction = NewTransaction(
            kind: "x", product: "x", object: nil, idempotencyKey: "x", postings: [Posting(account, 1)])
        let filter = AccountFilter(ownerType: "x", ownerID: .zero, unit: "x", code: "x")
        let page = PageRequest(sort: "owner")
        let now = Instant.now
        return [
            StatementSample("ledger.open", open([account])), StatementSample("ledger.lock", lock([.zero])),
            StatementSample("ledger.post", post([transaction], now: now)),
            StatementSample("ledger.accounts", accounts(filter, page)),
            StatementSample("ledger.countAccounts", countAccounts(filter)),
            StatementSample("ledger.account", self.account(.zero)),
            StatementSample("ledger.accounts.ids", accounts([.zero])),
            StatementSample("ledger.entries", entries(of: .zero, before: 1, limit: 1)),
            StatementSample("ledger.entries.first", entries(of: .zero, before: nil, limit: 1)),
            StatementSample("ledger.hold", hold("x", of: .zero)), StatementSample("ledger.holds", holds([])),
            StatementSample("ledger.differences", differences),
            StatementSample("ledger.wallets", wallets(of: [.zero], page)),
            StatementSample("ledger.countWallets", countWallets(of: [.zero])),
            StatementSample("ledger.balance", balance(of: .platform, .eur, from: now, to: now)),
        ]
    }
}

extension WebhookQueries {
    static var samples: [StatementSample] {
        let now = Instant.now
        let notice = WebhookNotice(eventID: "x", type: "x", subject: nil)
        return [
            StatementSample("webhooks.store", store(notice, provider: "x", body: "x", now: now)),
            StatementSample("webhooks.event", event(.new())),
            StatementSample("webhooks.done", done(.new(), .processed, now: now)),
            StatementSample("webhooks.failed", failed(.new(), "x")), StatementSample("webhooks.purge", purge(before: now)),
        ]
    }
}

extension SandboxQueries {
    static var samples: [StatementSample] {
        let now = Instant.now
        let attempt = PaymentAttempt.first(of: Specimens.payment(now))
        return [
            StatementSample("sandbox.insert", insert("x", attempt: attempt, now: now)),
            StatementSample("sandbox.order", order(of: attempt.id)),
            StatementSample("sandbox.decide", decide("x", .paid, paid: 1, payment: nil, now: now)),
            StatementSample("sandbox.isRefunded", isRefunded("x", key: .zero)),
            StatementSample("sandbox.refund", refund("x", 1, key: .zero)),
        ]
    }
}

/// Values that statements are made with where nothing but their text matters.
private enum Specimens {
    static func payment(_ now: Instant) -> NewPayment {
        let scope = Scope("company", .zero)
        let quote = PaymentQuote(
            product: "x", amount: Money(minor: 1, currency: .eur), scope: scope, payee: scope, lockKey: "x",
            lifetime: .seconds(1), description: "x")
        return NewPayment(
            id: .new(), quote: quote, purpose: "x", purposeID: .zero, payerID: nil, provider: "x", method: nil, isLive: false,
            returnURL: nil, savedMethodID: nil, savesMethod: false, expiresAt: now)
    }

    static func byHand(_ now: Instant) -> PaymentByHand {
        let scope = Scope("company", .zero)
        return PaymentByHand(
            product: "x", purpose: "x", purposeID: .zero, scope: scope, payee: scope,
            amount: Money(minor: 1, currency: .eur), method: .cash, outsideReference: nil, paidAt: now, description: "",
            recordedBy: nil, metadata: .emptyObject)
    }
}
