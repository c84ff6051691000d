import Postgres
import Service
import Values

extension Payments {
    /// Has every open order asked about that is due for it, each by a job of its own: a provider that is slow to answer holds up
    /// no other. Nobody has to come back for a payment to end.
    func checkAll() async throws {
        let due = try await dueChecks()
        try await followUp.jobs.enqueue(PaymentJobs.check, all: due) { "check:\($0.paymentID)" }
    }

    /// The open orders whose time has come.
    func dueChecks() async throws -> [PaymentCheckJob] {
        try await database.all(PaymentQueries.due(now: clock.now(), limit: 1000))
    }

    /// Asks the provider about an open order, and when it is to be asked again. Repeatable: what was asked since is not asked.
    func check(_ job: PaymentCheckJob) async throws {
        guard let due = try await database.first(PaymentQueries.due(job)) else { return }
        do {
            let settled = try await settle(due.paymentID)
            let next = PaymentCheck.next(
                after: due.checks + 1, status: settled.payment.state.status, expiresAt: settled.payment.expiresAt,
                now: clock.now())
            try await database.execute(PaymentQueries.checked(due.attemptID, next: next))
            if next == nil, settled.payment.state.status == .unknown { followUp.unknownForLong(settled.payment) }
        } catch {
            followUp.log.error(
                "a payment could not be checked", ["payment": .text("\(due.paymentID)"), "error": .text("\(error)")])
            let next = PaymentCheck.nextWithoutAnswer(expiresAt: due.expiresAt, now: clock.now())
            try await database.execute(PaymentQueries.checked(due.attemptID, next: next))
            if next == nil { followUp.unknownForLong(try await payment(due.paymentID).payment) }
        }
    }

    /// The payer, or staff, give up. The provider is asked to take the order back first: if it was paid meanwhile, that
    /// stands. What an effect has given up already stays so.
    ///
    /// - Parameter releasing: whether what the provider holds may be let go, too.
    func cancel(_ id: ID<Payment>, releasing: Bool = false, as effect: Effect) async throws -> PaymentWithAttempt {
        let known = try await payment(id)
        if effect.isContinued, known.payment.state.status == .cancelled { return known }
        guard known.payment.state.status.isCancellable(releasing: releasing), var attempt = known.attempt,
            !attempt.isBeingMade(at: clock.now())
        else { throw PaymentProblem.invalidState }
        let provider = try providers.named(attempt.provider)
        if attempt.orderID == nil, let order = try await provider.find(try await request(attempt, of: known.payment)) {
            attempt = attempt.known(as: order)
        }
        let answer = attempt.orderID == nil ? ProviderAnswer.cancelled : try await provider.cancel(attempt)
        if answer == .cancelled {
            try await database.transaction { _ in try await carryOut(ProviderReport(.cancelled), attempt) }
        } else {
            try await settle(id)
        }
        let ended = try await payment(id)
        guard ended.payment.state.status == .cancelled else { throw PaymentProblem.invalidState }
        return ended
    }

    /// Staff take what a provider holds, all of it or less, once.
    func capture(_ id: ID<Payment>, _ part: DecimalNumber?) async throws -> PaymentWithAttempt {
        try await database.transaction { _ in
            let payment = try await lock(id)
            guard payment.state.status == .authorized else { throw PaymentProblem.invalidState }
            let amount = try part.map { try Self.minor($0, in: payment.state.amount.currency) } ?? payment.state.expected.minor
            guard amount > 0, amount <= payment.state.amount.minor else {
                throw PaymentProblem.amountMismatch.expecting(payment.state.amount)
            }
            let capturesParts = try payment.provider.map { try providers.named($0).capturesParts } ?? true
            guard amount == payment.state.amount.minor || capturesParts else {
                throw PaymentProblem.amountMismatch.expecting(payment.state.amount)
            }
            // What was decided once stays: a repetition goes on with it.
            guard payment.capture == .manual || payment.state.expected.minor == amount else {
                throw PaymentProblem.invalidState
            }
            try await database.execute(PaymentQueries.capture(id, amount, now: clock.now()))
            try await forget(id, of: payment.payerID)
        }
        let settled = try await settle(id)
        guard settled.payment.state.status.isPaid else { throw PaymentProblem.paymentNotCompleted }
        return settled
    }
}

extension PaymentStatus {
    fileprivate func isCancellable(releasing: Bool) -> Bool {
        switch self {
        case .created, .pending: true
        case .authorized: releasing
        case .succeeded, .failed, .cancelled, .expired, .unknown, .partiallyRefunded, .refunded: false
        }
    }
}
