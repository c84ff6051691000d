import Identity
import JSON
import Payments
import Postgres
import Service
import Values

/// How administrators give a payment back (spec 3.6, row 55). The money leaves the balance before the provider is asked, in one
/// transaction with the order to give it back; a job asks the provider. Where he refuses for good it is the balance's again.
struct PaymentReturns: Sendable {
    let staff: StaffBook
    let payments: Payments
    let events: Outbox

    private var database: Database { staff.database }

    /// Throws `payment_not_found`, `payment_not_paid` (409), `insufficient_balance` (409).
    ///
    /// - Returns: the balance then.
    func giveBack(_ id: Int, because reason: String, by member: StaffMember) async throws -> Int {
        try await staff.acting {
            guard let invoice = try await database.first(PaymentReturnQueries.invoice(id)) else { throw UrgentProblem.paymentNotFound }
            let refund = try await approved(invoice, because: reason, by: member)
            do {
                try await payments.wallets.giveBack(
                    refund.amount.minor, from: invoice.wallet, .rub, Self.reason(invoice, "taken", refund.id, by: member.account))
            } catch PaymentProblem.balanceTooLow {
                throw StaffProblem.insufficientBalance
            }
            let roubles = Int(refund.amount.minor / 100)
            let balance = try await tell(invoice, delta: -roubles)
            await staff.record(
                "payment_refunded", "payment", String(id), [],
                [("amount", .number(Int64(roubles))), ("user", .text(String(invoice.user)))], because: reason, by: member)
            return balance
        }
    }

    private func approved(_ invoice: ReturnableInvoice, because reason: String, by member: StaffMember) async throws -> Refund {
        do {
            return try await payments.giveBack(ID(invoice.payment), because: reason, by: member.account)
        } catch let problem as PaymentProblem where problem == .paymentNotCompleted || problem == .refundExceeds {
            throw UrgentProblem.paymentNotPaid
        } catch let problem as Problem where problem.status == 404 {
            throw UrgentProblem.paymentNotPaid
        }
    }

    /// The provider refuses for good: what was taken for it is the balance's again, once. A refund of anything else is none of
    /// the board's.
    func refused(_ refund: ID<Refund>, of payment: UUID, _ amount: Money) async throws {
        guard let invoice = try await database.first(PaymentReturnQueries.invoice(ofPayment: payment)) else { return }
        let isBack = try await payments.wallets.giveBack(
            -amount.minor, from: invoice.wallet, .rub, Self.reason(invoice, "refused", refund, by: nil))
        if isBack { _ = try await tell(invoice, delta: Int(amount.minor / 100)) }
    }

    private static func reason(_ invoice: ReturnableInvoice, _ step: String, _ refund: ID<Refund>, by: UUID?) -> Wallets.Reason {
        Wallets.Reason(
            "urgent", Scope("payment", invoice.payment), key: "urgent:payment_refund:\(step):\(refund)", by: by)
    }

    private func tell(_ invoice: ReturnableInvoice, delta: Int) async throws -> Int {
        let balance = try await database.one(StaffPeopleQueries.balance(of: invoice.user))
        try await events.publish(
            CorrectionNews(user: invoice.user, delta: delta, balance: balance, reason: .paymentRefund, payment: invoice.id).event)
        return balance
    }

    /// Hears of refunds that providers have refused.
    var handler: EventHandler {
        EventHandler("urgent.payment-returns", on: ["refund.failed"]) { [self] event in
            guard let id = event.objectID else { return }
            let news = try RefusedRefund.decode(json: event.data.bytes)
            guard news.purpose == RechargePurpose.name, let amount = news.amount.minorUnits(of: .rub) else { return }
            try await refused(ID(id), of: news.payment, Money(minor: amount, currency: .rub))
        }
    }
}
