import Invoices
import JSON
import Postgres
import Service
import Values

/// Money that the office takes itself.
extension Payments {
    /// Records a payment of an invoice. The invoice is locked first: of two at once, the second sees what the first left.
    func record(_ body: HandPaymentBody, for id: ID<Invoice>, by user: UUID) async throws -> PaymentWithAttempt {
        let payment = ID<Payment>.new()
        try await database.transaction { _ in
            let invoice = try await invoices.lock(id).invoice
            let amount = Money(minor: try Self.minor(body.amount, in: invoice.currency), currency: invoice.currency)
            guard invoice.state.status.isOpen || invoice.state.status == .paid else { throw PaymentProblem.invalidState }
            guard amount.minor <= invoice.state.balance else {
                throw PaymentProblem.amountExceedsBalance.expecting(
                    Money(minor: invoice.state.balance, currency: invoice.currency))
            }
            try await write(hand(body, amount, for: invoice, by: user), as: payment)
        }
        return try await self.payment(payment)
    }

    private func hand(_ body: HandPaymentBody, _ amount: Money, for invoice: Invoice, by user: UUID) throws -> PaymentByHand {
        let paidAt = body.paidAt ?? clock.now()
        guard paidAt <= clock.now() + .minutes(5), paidAt > clock.now() - .days(3660) else {
            throw InvalidInput(field: "paidAt", code: "range", message: "Not in the future, and not ten years ago.")
        }
        return PaymentByHand(
            product: invoice.product, purpose: "invoice", purposeID: invoice.id.uuid, scope: invoice.parties.scope,
            payee: invoice.parties.issuer, amount: amount, method: body.method, outsideReference: body.reference,
            paidAt: paidAt, description: invoice.number ?? "", recordedBy: user,
            metadata: JSONText(encoding: body.notes.map { ["notes": $0] } ?? [:]))
    }

    private func write(_ hand: PaymentByHand, as id: ID<Payment>) async throws {
        let commission = try await commission(of: hand.product, on: hand.amount, hand.payee)
        _ = try await database.one(
            PaymentQueries.insertByHand(
                id, hand, commission: commission, receipt: ReceiptSeries(scope: hand.scope, at: clock.now()),
                now: clock.now()))
        try await invoices.pay(ID(hand.purposeID), hand.amount.minor, payment: id.uuid)
        let postings = SettlementPostings(
            payee: hand.payee, currency: hand.amount.currency, amount: hand.amount.minor, rest: 0,
            commission: commission)
        try await ledger.post(
            NewTransaction(
                kind: "payment_by_hand", product: hand.product, object: Scope("payment", id.uuid),
                idempotencyKey: "payment:\(id)", description: hand.description, postings: postings.byHand(),
                createdBy: hand.recordedBy))
        let payment = try await lock(id)
        try await followUp.succeeded(payment, payment.state)
    }
}

extension PaymentProblem {
    /// Says what the amount should have been, as RFC 9457 extension members.
    func expecting(_ amount: Money) -> Problem {
        var problem = with("expected", .number(amount.decimal.description))
        problem.members.append(("currency", .string(amount.currency.code)))
        return problem
    }
}
