import Postgres
import Service
import Values

/// How money goes back.
extension Payments {
    /// How long after a payment its payer may ask (0-platform, 4.5).
    private static let timeToAsk = Duration.days(14)

    /// A refund that somebody asks for: approved at once when staff ask, requested when the payer does.
    ///
    /// The payment's row is locked, so that of parallel refunds only as many are taken as were captured.
    func refund(_ id: ID<Payment>, _ wish: RefundWish, by user: UUID, as requester: RefundRequester) async throws -> Refund {
        try await database.transaction { _ in
            let payment = try await lock(id)
            guard payment.state.status == .succeeded || payment.state.status == .partiallyRefunded else {
                throw PaymentProblem.paymentNotCompleted
            }
            if requester == .payer, let paidAt = payment.succeededAt, clock.now() > paidAt + Self.timeToAsk {
                throw PaymentProblem.refundTooLate
            }
            let left = payment.state.captured - Int64(try await database.one(RefundQueries.reserved(id)))
            let amount = try wish.amount.map { try Self.minor($0, in: payment.state.amount.currency) } ?? left
            guard amount > 0, amount <= left else { throw PaymentProblem.refundExceeds }
            let new = NewRefund(
                payment: id, amount: amount, status: requester == .staff ? .approved : .requested, reason: wish.reason,
                details: wish.details, requestedBy: user, requester: requester, isUnused: false)
            try await write(new)
            return try await refund(new.id)
        }
    }

    /// Money that no open invoice took goes back by itself.
    func giveBack(_ rest: Int64, of payment: Payment) async throws {
        try await write(
            NewRefund(
                payment: payment.id, amount: rest, status: .approved, reason: .duplicate, details: nil,
                requestedBy: nil, requester: .system, isUnused: true))
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
        let provider = try providers.named(attempt.provider)
        switch try await provider.refund(refund.amount, of: attempt, key: refund.idempotencyKey) {
        case .sent(let providerID): try await succeed(refund, through: attempt, providerID: providerID)
        case .refused(let reason): try await fail(id, because: reason)
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

    private func succeed(_ refund: Refund, through attempt: PaymentAttempt?, providerID: String) async throws {
        try await database.transaction { _ in
            let payment = try await lock(refund.paymentID)
            try await forget(payment.id, of: payment.payerID)
            guard let locked = try await database.first(RefundQueries.lock(refund.id)) else { return }
            guard locked.state.status == .processing else { return }
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
                    postings: try RefundPostings(refund, of: payment, before: sums).postings(through: attempt?.provider)))
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
