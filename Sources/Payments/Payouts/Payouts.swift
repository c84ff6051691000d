import Crypto
import Jobs
import Postgres
import Service
import Values

/// The door of payouts: what the platform owes payees leaves through here.
package final class Payouts: Sendable {
    let database: Database
    let ledger: Ledger
    let kinds: [PayeeKind]
    let transfers: PayoutTransfers
    let vault: PayoutVault
    let followUp: PaymentFollowUp
    let clock: Clock

    /// - Parameter kinds: payees, as products register them.
    package init(
        ledger: Ledger, kinds: [PayeeKind], transfers: PayoutTransfers = PayoutTransfers(), ring: SealingRing,
        followUp: PaymentFollowUp
    ) {
        database = ledger.database
        self.ledger = ledger
        self.kinds = kinds
        self.transfers = transfers
        vault = PayoutVault(ring: ring)
        self.followUp = followUp
        clock = ledger.clock
    }

    // MARK: Forming

    /// Forms a payout of all that a payee has coming to him, inside the caller's transaction or its own. Throws
    /// `payout_in_progress` and `nothing_payable`.
    ///
    /// - Parameter isRun: only from the payee's minimum on.
    func form(_ payee: Scope, _ currency: Currency, notes: String? = nil, isRun: Bool = false) async throws -> Payout {
        guard let kind = kinds.first(where: { $0.type == payee.type }) else { throw HouseProblem.notFound.problem }
        let (now, terms) = (clock.now(), kind.terms())
        let minimum = isRun ? terms.minimum.minorUnits(of: currency) ?? 1 : 1
        let new = NewPayout(
            payee: payee, currency: currency, until: now - terms.hold, minimum: minimum,
            dueOn: now.day.adding(days: kind.dueDays), notes: notes)
        do {
            return try await database.transaction { _ in
                let month = ReceiptSeries.month(of: now)
                guard let id = try await database.first(PayoutQueries.form(new, number: month, now: now)) else {
                    // The counter's number goes back with the transaction.
                    let isOpen = try await database.one(PayoutQueries.isOpen(payee, currency))
                    throw isOpen ? PaymentProblem.payoutInProgress : .nothingPayable
                }
                return try await payout(id)
            }
        } catch let error as DatabaseError
            where error.violates("payouts_open") || error.violates("payout_items_once")
        {
            throw PaymentProblem.payoutInProgress
        }
    }

    /// Forms the payouts of all payees of a kind, each on its own: one that cannot be formed holds nobody up.
    func run(_ type: ScopeType) async throws {
        var last: UUID?
        while true {
            let owed = try await database.all(PayoutQueries.owed(type, after: last, limit: 100))
            for payee in owed {
                guard let currency = Currency(payee.unit) else { continue }
                do { _ = try await form(payee.payee, currency, isRun: true) } catch is PaymentProblem {
                    // Too little, or one is under way: the next run sees to it.
                } catch let error as DatabaseError {
                    followUp.log.error(
                        "a payout could not be formed", ["payee": .text("\(payee.payee)"), "error": .text("\(error)")])
                }
            }
            guard owed.count == 100 else { return }
            last = owed.last?.account
        }
    }

    // MARK: Deciding

    /// Staff let a payout go: the book takes it from the payee, a job transfers it. Of two at once the second is refused. Above
    /// the limit of its kind the first only approves, and another of the staff lets it go.
    func process(_ id: ID<Payout>, _ method: PayoutMethod?, notes: String?, by user: UUID) async throws -> Payout {
        try await change(id) { payout, state in
            try state.process()
            if needsTwo(payout) {
                guard let first = payout.approvedBy else {
                    return _ = try await database.execute(PayoutQueries.approve(id, by: user, notes: notes, now: clock.now()))
                }
                guard first != user else { throw PaymentProblem.secondApprovalNeeded }
            }
            try await letGo(payout, method, notes: notes, key: payout.idempotencyKey, by: user)
        }
    }

    private func needsTwo(_ payout: Payout) -> Bool {
        guard let limit = kinds.first(where: { $0.type == payout.payee.type })?.terms().secondApprovalAbove else { return false }
        return payout.amount.decimal > limit
    }

    /// One that was refused is tried again, under another key.
    func retry(_ id: ID<Payout>, by user: UUID) async throws -> Payout {
        do {
            return try await change(id) { payout, state in
                try state.retry()
                try await letGo(payout, payout.method, notes: nil, key: .v7(), by: user)
            }
        } catch let error as DatabaseError where error.violates("payouts_open") {
            throw PaymentProblem.payoutInProgress
        }
    }

    /// What it was made of is free for another.
    func cancel(_ id: ID<Payout>, reason: String) async throws -> Payout {
        try await change(id) { _, state in
            try state.cancel()
            try await database.write(
                PayoutQueries.save(state, of: id, failure: reason, now: clock.now()),
                PayoutQueries.release(id, now: clock.now()))
        }
    }

    /// Staff decide on less than it is made of. What is taken off stays with the platform once it goes.
    func adjust(_ id: ID<Payout>, _ body: AdjustedPayoutBody, checking caller: Caller) async throws -> Payout {
        try await change(id) { payout, state in
            try await caller.checkMatch()
            guard state.status == .pending else { throw PaymentProblem.invalidState }
            let amount = try Payments.minor(body.amount, in: payout.amount.currency)
            let whole = Int64(try await database.one(PayoutQueries.net(of: id)))
            guard amount <= whole else {
                throw PaymentProblem.nothingPayable.expecting(Money(minor: whole, currency: payout.amount.currency))
            }
            try await database.execute(PayoutQueries.adjust(id, amount, reason: body.reason, now: clock.now()))
        }
    }

    private func letGo(
        _ payout: Payout, _ asked: PayoutMethod?, notes: String?, key: UUID, by user: UUID
    ) async throws {
        let (method, transfer) = try await way(of: payout, asked)
        let account = LedgerAccount.payable(payout.payee, payout.amount.currency)
        let owed = try await database.first(LedgerQueries.account(account.id))?.balance ?? 0
        let deduction = try await deduction(of: payout)
        // Refunds since it was formed may have taken some of it.
        guard payout.amount.minor + deduction <= owed else { throw PaymentProblem.nothingPayable }
        try await database.execute(
            PayoutQueries.process(
                payout.id, PayoutProcessing(method: method, transfer: transfer, user: user, notes: notes, key: key), now: clock.now()))
        try await post("payout", payout, key: "payout:\(key)", from: account, to: .payoutsDue(payout.amount.currency))
        try await post(
            "payout_deduction", payout, deduction, key: "payout_deduction:\(key)", from: account,
            to: .adjustments(payout.amount.currency.code))
        try await followUp.payoutReleased(payout.id)
    }

    /// How a payout leaves, and who transfers it. Throws `account_missing`, and `payments_not_configured` where no provider
    /// can bring it there.
    private func way(of payout: Payout, _ asked: PayoutMethod?) async throws -> (PayoutMethod, transfer: String) {
        if asked == .wallet { return (.wallet, transfers.manual.name) }
        guard let row = try await database.first(PayoutQueries.account(of: payout.payee)) else {
            throw PaymentProblem.accountMissing
        }
        let isByHand = asked == nil ? transfers.mode == .manual : asked != .provider
        if isByHand { return (asked ?? .bankTransfer, transfers.manual.name) }
        if let provider = transfers.provider(of: payout.amount.currency, to: try vault.open(row)) {
            return (.provider, provider.name)
        }
        if asked == .provider { throw PaymentProblem.paymentsNotConfigured }
        return (.bankTransfer, transfers.manual.name)
    }

    /// What staff have taken off what it is made of.
    private func deduction(of payout: Payout) async throws -> Int64 {
        Int64(try await database.one(PayoutQueries.net(of: payout.id))) - payout.amount.minor
    }

    private func change(
        _ id: ID<Payout>, _ decision: (Payout, inout PayoutState) async throws -> Void
    ) async throws -> Payout {
        try await database.transaction { _ in
            guard let payout = try await database.first(PayoutQueries.lock(id)) else { throw HouseProblem.notFound.problem }
            var state = payout.state
            try await decision(payout, &state)
            return try await self.payout(id)
        }
    }

    // MARK: Transferring

    /// Carries a payout out that was let go. Repeatable: whoever transfers knows it by its key. While nobody can say what
    /// became of it, it stays processing.
    package func carryOut(_ id: ID<Payout>) async throws {
        let payout = try await payout(id)
        guard payout.state.status == .processing else { return }
        let row = try await database.first(PayoutQueries.account(of: payout.payee))
        let transfer = try transfers.named(payout.transfer)
        let order = PayoutOrder(
            payee: payout.payee, number: payout.number, key: payout.idempotencyKey, amount: payout.amount, account: try row.map(vault.open),
            providerID: payout.providerID)
        // A first try has nothing to look up.
        var answer: PayoutAnswer?
        if payout.updatedAt > payout.processedAt ?? payout.updatedAt { answer = try await transfer.find(order) }
        if answer == nil {
            try await database.execute(PayoutQueries.asked(id, now: clock.now()))
            answer = try await transfer.transfer(order)
        }
        if let answer { try await note(answer, of: payout) }
    }

    /// Those under way of which nothing was heard for five minutes.
    func resume() async throws {
        let before = clock.now() - .minutes(5)
        for id in try await database.all(PayoutQueries.underWay(before: before, limit: 100)) {
            try await followUp.payoutReleased(id)
        }
    }

    private func note(_ answer: PayoutAnswer, of payout: Payout) async throws {
        try await database.transaction { _ in
            guard let locked = try await database.first(PayoutQueries.lock(payout.id)),
                locked.state.status == .processing, locked.idempotencyKey == payout.idempotencyKey
            else { return }
            var state = locked.state
            let due = LedgerAccount.payoutsDue(payout.amount.currency)
            let key = payout.idempotencyKey
            switch answer {
            case .pending(let providerID):
                try await database.execute(PayoutQueries.accepted(payout.id, providerID: providerID, now: clock.now()))
            case .done(let providerID):
                try state.complete()
                try await database.write(
                    PayoutQueries.accepted(payout.id, providerID: providerID, now: clock.now()),
                    PayoutQueries.save(state, of: payout.id, now: clock.now()))
                try await post(
                    "payout_sent", payout, key: "payout_sent:\(key)", from: due,
                    to: .clearing(payout.transfer ?? transfers.manual.name, payout.amount.currency))
                try await followUp.paidOut("payout.succeeded", payout)
            case .refused(let reason):
                try state.fail()
                try await database.execute(
                    PayoutQueries.save(state, of: payout.id, failure: String(reason.prefix(500)), now: clock.now()))
                try await post(
                    "payout", payout, key: "payout_failed:\(key)", from: due,
                    to: .payable(payout.payee, payout.amount.currency))
                try await post(
                    "payout_deduction", payout, try await deduction(of: payout), key: "payout_deduction_failed:\(key)",
                    from: .adjustments(payout.amount.currency.code), to: .payable(payout.payee, payout.amount.currency))
                try await followUp.paidOut("payout.failed", payout)
            }
        }
    }

    /// - Parameter part: the payout's amount unless it says otherwise.
    private func post(
        _ kind: String, _ payout: Payout, _ part: Int64? = nil, key: String, from: LedgerAccount, to: LedgerAccount
    ) async throws {
        let amount = part ?? payout.amount.minor
        guard amount > 0 else { return }
        let product = kinds.first { $0.type == payout.payee.type }?.product ?? "platform"
        try await ledger.post(
            NewTransaction(
                kind: kind, product: product, object: Scope("payout", payout.id.uuid), idempotencyKey: key,
                description: payout.number, postings: [Posting(from, -amount), Posting(to, amount)],
                createdBy: payout.processedBy))
    }

    // MARK: Reading

    func payout(_ id: ID<Payout>) async throws -> Payout {
        guard let payout = try await database.first(PayoutQueries.payout(id)) else { throw HouseProblem.notFound.problem }
        return payout
    }
}

extension LedgerAccount {
    /// What has left payees' accounts and not yet the platform's bank.
    static func payoutsDue(_ currency: Currency) -> LedgerAccount {
        LedgerAccount(owner: .platform, code: "payouts_due", unit: currency.code)
    }
}
