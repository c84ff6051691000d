import Postgres
import Service
import Values

/// How money goes back.
extension Payments {
    /// A refund that somebody asks for: approved at once when staff ask, requested when the payer does.
    ///
    /// The payment's row is locked, so that of parallel refunds only as many are taken as were captured.
    func refund(_ id: ID<Payment>, _ wish: RefundWish, by user: UUID, as requester: RefundRequester) async throws -> Refund {
        try await database.transaction { _ in
            let payment = try await lock(id)
            guard payment.state.status == .succeeded || payment.state.status == .partiallyRefunded else {
                throw PaymentProblem.paymentNotCompleted
            }
            guard purposes[payment.purpose]?.isRefundable != false else { throw PaymentProblem.refundByProduct }
            if requester == .payer, let paidAt = payment.succeededAt, clock.now() > paidAt + terms.refundWindow {
                throw PaymentProblem.refundTooLate
            }
            let left = payment.state.captured - Int64(try await database.one(RefundQueries.reserved(id)))
            let amount = try wish.amount.map { try Self.minor($0, in: payment.state.amount.currency) } ?? left
            guard amount > 0, amount <= left else { throw PaymentProblem.refundExceeds }
            guard amount == payment.state.captured || refundsParts(of: payment) else { throw PaymentProblem.refundWholeOnly }
            let new = NewRefund(
                payment: id, amount: amount,
                status: requester == .staff || isApprovedByItself(amount, of: payment) ? .approved : .requested,
                reason: wish.reason,
                details: wish.details, requestedBy: user, requester: requester, isUnused: false)
            try await write(new)
            return try await refund(new.id)
        }
    }

    func refundsParts(of payment: Payment) -> Bool {
        payment.provider.flatMap { try? providers.named($0) }?.refundsParts ?? true
    }

    /// Small wishes of payers need nobody's decision, if the operator has said so.
    private func isApprovedByItself(_ amount: Int64, of payment: Payment) -> Bool {
        amount > 0 && Money(minor: amount, currency: payment.state.amount.currency).decimal <= terms.autoApproved
    }

    /// Money that no open invoice took goes back by itself.
    func giveBack(_ rest: Int64, of payment: Payment) async throws {
        try await write(
            NewRefund(
                payment: payment.id, amount: rest, status: .approved, reason: .duplicate, details: nil,
                requestedBy: nil, requester: .system, isUnused: true))
    }

    /// All of a payment goes back because its product says so, whether or not payers and staff may ask for it here. What was
    /// granted for it the product takes back itself, in the same transaction. Throws `payment_not_completed`, and
    /// `refund_exceeds` where some of it is on its way back already.
    package func giveBack(_ id: ID<Payment>, because details: String, by user: UUID) async throws -> Refund {
        try await database.transaction { _ in
            let payment = try await lock(id)
            guard payment.state.status == .succeeded else { throw PaymentProblem.paymentNotCompleted }
            guard try await database.one(RefundQueries.reserved(id)) == 0 else { throw PaymentProblem.refundExceeds }
            let new = NewRefund(
                payment: id, amount: payment.state.captured, status: .approved, reason: .other, details: details,
                requestedBy: user, requester: .staff, isUnused: false)
            try await write(new)
            return try await refund(new.id)
        }
    }

    func refund(_ id: ID<Refund>) async throws -> Refund {
        guard let refund = try await database.first(RefundQueries.refund(id)) else {
            throw HouseProblem.notFound.problem
        }
        return refund
    }

    /// Carries an approved refund out. Repeatable: the provider knows the refund by its key, the book by its id. While the
    /// provider has not said what became of it (it cannot be reached, or its answer was lost) the refund stays processing,
    /// and its money reserved.
    package func process(_ id: ID<Refund>) async throws {
        let refund = try await refund(id)
        guard refund.state.status == .approved || refund.state.status == .processing else { return }
        try await advance(id) { state throws(PaymentProblem) in try state.begin() }
        let known = try await payment(refund.paymentID)
        guard let attempt = known.attempt else {
            // Money taken by hand is given back by hand: recording it is all there is to do.
            return try await succeed(refund, through: nil, providerID: "HAND-\(refund.number)")
        }
        try await carryOut(try await ask(refund, through: attempt), refund, through: attempt)
    }

    /// Asks the provider to send it, unless it is under way there.
    private func ask(_ refund: Refund, through attempt: PaymentAttempt) async throws -> RefundAnswer {
        let provider = try providers.named(attempt.provider)
        if let answer = try await earlier(refund, through: attempt) { return answer }
        let order = RefundOrder(refund, through: attempt)
        // A first try has nothing to look up.
        let isKnown = refund.state.status == .processing || refund.providerID != nil
        if isKnown, let answer = try await provider.find(order) { return answer }
        return try await provider.refund(order)
    }

    /// What was refused under another key may have been paid all the same; then nothing is sent a second time.
    private func earlier(_ refund: Refund, through attempt: PaymentAttempt) async throws -> RefundAnswer? {
        guard let key = refund.previousKey else { return nil }
        let order = RefundOrder(refund, through: attempt, key: key)
        switch try await providers.named(attempt.provider).find(order) {
        case .sent(let id): return .sent(id)
        case .pending(let id): return .pending(id)
        case .refused, .byHand, nil: return nil
        }
    }

    private func carryOut(_ answer: RefundAnswer, _ refund: Refund, through attempt: PaymentAttempt) async throws {
        switch answer {
        case .sent(let id): try await succeed(refund, through: attempt, providerID: id)
        case .pending(let id):
            try await database.transaction { _ in
                try await database.execute(RefundQueries.accepted(refund.id, providerID: id, now: clock.now()))
                try await forget(refund.paymentID)
            }
        case .refused(let reason): try await fail(refund.id, because: reason)
        case .byHand: try await succeed(refund, through: attempt, providerID: "HAND-\(refund.number)", isByHand: true)
        }
    }

    /// Asks the provider what became of a refund, also of one that had failed: what it has paid after all is booked. Nothing
    /// is sent.
    @discardableResult
    package func check(_ id: ID<Refund>) async throws -> Refund {
        let refund = try await refund(id)
        guard refund.state.status == .processing || refund.state.status == .failed else { return refund }
        guard let attempt = try await payment(refund.paymentID).attempt else { return refund }
        let provider = try providers.named(attempt.provider)
        var answer = try await provider.find(RefundOrder(refund, through: attempt))
        if answer == nil { answer = try await earlier(refund, through: attempt) }
        if let answer, answer != .byHand { try await carryOut(answer, refund, through: attempt) }
        return try await self.refund(id)
    }

    /// Asks providers about refunds that they have accepted and not yet sent.
    func pollRefunds() async throws {
        for id in try await database.all(RefundQueries.pending(limit: 100)) {
            do { try await check(id) } catch {
                followUp.log.warning("a refund could not be checked", ["refund": .text("\(id)"), "error": .text("\(error)")])
            }
        }
    }

    private func write(_ new: NewRefund) async throws {
        let month = ReceiptSeries.month(of: clock.now())
        try await database.execute(RefundQueries.insert(new, month: month, now: clock.now()))
        try await forget(new.payment)
        if new.status == .approved { try await followUp.refundApproved(new.id) }
    }

    private func advance(_ id: ID<Refund>, _ step: (inout RefundState) throws(PaymentProblem) -> Void) async throws {
        try await database.transaction { _ in
            guard let refund = try await database.first(RefundQueries.lock(id)) else {
                throw HouseProblem.notFound.problem
            }
            var state = refund.state
            try step(&state)
            try await database.execute(RefundQueries.save(state, of: id, failure: nil, now: clock.now()))
            try await forget(refund.paymentID)
        }
    }

    /// - Parameter isByHand: given back by hand, though a provider took it.
    private func succeed(
        _ refund: Refund, through attempt: PaymentAttempt?, providerID: String, isByHand: Bool = false
    ) async throws {
        try await database.transaction { _ in
            let payment = try await lock(refund.paymentID)
            try await forget(payment.id, of: payment.payerID)
            guard let locked = try await database.first(RefundQueries.lock(refund.id)) else { return }
            guard locked.state.status == .processing || locked.state.status == .failed else { return }
            var state = locked.state
            try state.succeed()
            var paid = payment.state
            try paid.refund(refund.amount.minor)
            if !refund.isUnused {
                try await purposes[payment.purpose]?.takeBack(refund.amount, of: payment)
            }
            let sums = try await database.one(RefundQueries.sums(payment.id))
            try await database.write(
                RefundQueries.succeeded(refund.id, state: state, providerID: providerID, now: clock.now()),
                PaymentQueries.save(paid, of: payment.id, now: clock.now()))
            try await ledger.post(
                NewTransaction(
                    kind: "refund", product: payment.product, object: Scope("refund", refund.id.uuid),
                    idempotencyKey: "refund:\(refund.id)", description: refund.number,
                    postings: try RefundPostings(refund, of: payment, before: sums).postings(through: isByHand ? "bank" : attempt?.provider)))
            try await followUp.refunded(payment, refund)
        }
    }

    static func minor(_ amount: DecimalNumber, in currency: Currency) throws -> Int64 {
        guard let minor = amount.minorUnits(of: currency) else {
            throw InvalidInput(
                field: "amount", code: "range", message: "At most \(currency.exponent) decimals, and not so large.")
        }
        return minor
    }
}
