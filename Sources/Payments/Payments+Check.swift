import Postgres
import Service
import Values

extension Payments {
    /// Asks providers about open orders that are due for it. Nobody has to come back for a payment to end.
    func check() async throws {
        for due in try await database.all(PaymentQueries.due(now: clock.now(), limit: 100)) {
            do {
                let settled = try await settle(due.paymentID)
                let next = PaymentCheck.next(
                    after: due.checks + 1, status: settled.payment.state.status, expiresAt: settled.payment.expiresAt,
                    now: clock.now())
                try await database.execute(PaymentQueries.checked(due.attemptID, next: next))
            } catch {
                followUp.log.error(
                    "a payment could not be checked", ["payment": .text("\(due.paymentID)"), "error": .text("\(error)")])
                try await database.execute(PaymentQueries.checked(due.attemptID, next: clock.now() + .minutes(5)))
            }
        }
    }

    /// The nightly look at the book. A difference is told, never repaired silently.
    ///
    /// - Returns: how many were found.
    @discardableResult
    func auditLedger() async throws -> Int {
        let differences = try await database.all(LedgerQueries.differences)
        for found in differences {
            followUp.log.error(
                "the ledger does not add up",
                ["kind": .text(found.kind), "id": .text("\(found.id)"), "difference": .text("\(found.difference)")])
        }
        return differences.count
    }

    /// The payer, or staff, give up. The provider is asked to take the order back first: if it was paid meanwhile, that
    /// stands. What an effect has given up already stays so.
    func cancel(_ id: ID<Payment>, as effect: Effect) async throws -> PaymentWithAttempt {
        let known = try await payment(id)
        if effect.isContinued, known.payment.state.status == .cancelled { return known }
        guard known.payment.state.status == .created || known.payment.state.status == .pending,
            let attempt = known.attempt
        else { throw PaymentProblem.invalidState }
        _ = try await providers.named(attempt.provider).cancel(attempt)
        let settled = try await settle(id)
        guard settled.payment.state.status == .cancelled else { throw PaymentProblem.invalidState }
        return settled
    }
}
