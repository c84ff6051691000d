import Postgres
import Service
import Values

/// What staff do with refunds that payers have asked for.
extension Payments {
    /// Approves a request, wholly or in part; what is not approved is free again.
    func approve(_ id: ID<Refund>, _ amount: DecimalNumber?, by user: UUID) async throws -> Refund {
        try await decide(id) { refund, payment, state in
            let minor = try amount.map { try Self.minor($0, in: refund.amount.currency) } ?? refund.amount.minor
            guard minor > 0, minor <= refund.amount.minor else { throw PaymentProblem.refundExceeds }
            guard minor == payment.state.captured || refundsParts(of: payment) else { throw PaymentProblem.refundWholeOnly }
            try state.approve()
            try await database.execute(RefundQueries.approve(id, minor, by: user, now: clock.now()))
            try await followUp.refundApproved(id)
            try await followUp.decided(.approved, refund, of: payment)
        }
    }

    func reject(_ id: ID<Refund>, reason: String, by user: UUID) async throws -> Refund {
        try await decide(id) { refund, payment, state in
            try state.reject()
            try await database.execute(RefundQueries.decide(state, of: id, by: user, reason: reason, now: clock.now()))
            try await followUp.decided(.rejected, refund, of: payment)
        }
    }

    /// Asks the payer for more before deciding.
    func askForInformation(_ id: ID<Refund>, _ message: String) async throws -> Refund {
        try await decide(id) { refund, payment, state in
            try state.askForInformation()
            try await database.execute(RefundQueries.askForInformation(id, message, now: clock.now()))
            try await followUp.decided(.questioned, refund, of: payment)
        }
    }

    /// Sends back into the queue what the provider has refused; what is still without an answer is asked for at once.
    func retry(_ id: ID<Refund>) async throws -> Refund {
        try await decide(id) { refund, payment, state in
            // What found no use has stayed reserved for its own refund, like what is under way.
            if !refund.isUnused, refund.state.status == .failed {
                let reserved = Int64(try await database.one(RefundQueries.reserved(payment.id)))
                guard refund.amount.minor <= payment.state.captured - reserved else { throw PaymentProblem.refundExceeds }
            }
            try state.retry()
            // Under a key that a provider has refused it would be refused for ever.
            let key = refund.state.status == .failed ? UUID.v7() : nil
            try await database.execute(RefundQueries.retried(state, of: id, key: key, now: clock.now()))
            try await followUp.refundApproved(id)
        }
    }

    /// Takes up again what is under way and has no job any more: no attempt of its job was answered, or its process was
    /// killed. The provider knows the refund by its key, so that asking again is safe. After some rounds staff are told
    /// instead, and ask again themselves (`retry`): the outcome stays unknown, and the money reserved.
    func resumeRefunds() async throws {
        let abandoned = RefundQueries.abandoned(rounds: RefundCheck.rounds, now: clock.now(), limit: 500)
        for refund in try await database.all(abandoned) {
            try await database.transaction { _ in
                if refund.resumptions == RefundCheck.rounds {
                    followUp.refundUnanswered(refund.id)
                } else if try await followUp.refundApproved(refund.id) == nil {
                    // Its job waits for its next attempt.
                    return
                }
                try await database.execute(RefundQueries.resumed(refund))
            }
        }
    }

    /// The provider refused for good: the reservation is released and staff are told.
    func fail(_ id: ID<Refund>, because failure: String) async throws {
        try await database.transaction { _ in
            guard let refund = try await database.first(RefundQueries.lock(id)), refund.state.status == .processing else {
                return
            }
            var state = refund.state
            try state.fail()
            try await database.execute(
                RefundQueries.save(state, of: id, failure: String(failure.prefix(500)), now: clock.now()))
            try await forget(refund.paymentID)
            try await followUp.refundFailed(refund, of: try await payment(refund.paymentID).payment, failure)
        }
    }

    /// The payment is locked before its refund, as everywhere.
    private func decide(
        _ id: ID<Refund>, _ decision: (Refund, Payment, inout RefundState) async throws -> Void
    ) async throws -> Refund {
        try await database.transaction { _ in
            let payment = try await lock(try await refund(id).paymentID)
            guard let refund = try await database.first(RefundQueries.lock(id)) else {
                throw HouseProblem.notFound.problem
            }
            var state = refund.state
            try await decision(refund, payment, &state)
            try await forget(refund.paymentID)
            return try await self.refund(id)
        }
    }
}
