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
            guard let wallet = invoice.wallet else { throw UrgentProblem.paymentNotPaid }
            let refund = try await approved(invoice, because: reason, by: member)
            do {
                try await payments.wallets.giveBack(
                    refund.amount.minor, from: wallet, .rub, Self.reason(invoice, .taken, refund.id, by: member.account))
            } catch PaymentProblem.balanceTooLow {
                throw StaffProblem.insufficientBalance
            }
            let roubles = Int(refund.amount.minor / 100)
            let balance = try await database.one(BalanceQueries.returned(of: invoice.payment, from: wallet.id)).balance
            try await tell(invoice, delta: -roubles, balance)
            await staff.record(
                "payment_refunded", "payment", String(id), [],
                [("amount", .number(Int64(roubles))), ("user", .text(String(invoice.user)))], because: reason, by: member)
            return Int(balance / 100)
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

    /// The provider refuses for good: what was taken for this refund is the balance's again, once, unless it has been given back
    /// after all meanwhile. A refund of anything else is none of the board's.
    func refused(_ id: ID<Refund>) async throws {
        try await payments.whileFailed(id) { refund, payment, reserved in
            guard payment.purpose == RechargePurpose.name,
                let invoice = try await database.first(PaymentReturnQueries.invoice(ofPayment: payment.id.uuid)),
                let wallet = invoice.wallet,
                let taken = try await database.first(BalanceQueries.movement(Self.key(.taken, id), of: wallet.id))
            else { return }
            let standing = try await database.one(BalanceQueries.returned(of: payment.id.uuid, from: wallet.id))
            let back = min(Int64(-taken.amount * 100), standing.taken - reserved)
            guard back > 0,
                try await payments.wallets.giveBack(-back, from: wallet, .rub, Self.reason(invoice, .refused, id, by: nil))
            else { return }
            try await tell(invoice, delta: Int(back / 100), standing.balance + back)
        }
    }

    /// What a refund does to a balance.
    private enum Step: String { case taken, refused }

    private static func key(_ step: Step, _ refund: ID<Refund>) -> String { "urgent:payment_refund:\(step.rawValue):\(refund)" }

    private static func reason(_ invoice: ReturnableInvoice, _ step: Step, _ refund: ID<Refund>, by: UUID?) -> Wallets.Reason {
        Wallets.Reason("urgent", Scope("payment", invoice.payment), key: key(step, refund), by: by)
    }

    /// - Parameter balance: of the wallet, in kopecks; who has it now hears of it.
    private func tell(_ invoice: ReturnableInvoice, delta: Int, _ balance: Int64) async throws {
        guard let holder = try await database.first(InvoiceQueries.holder(ofPayment: invoice.payment)) else { return }
        try await events.publish(
            CorrectionNews(
                user: holder.id, delta: delta, balance: Int(balance / 100), reason: .paymentRefund, payment: invoice.id).event)
    }

    /// Hears of refunds that providers have refused.
    var handler: EventHandler {
        EventHandler("urgent.payment-returns", on: ["refund.failed"]) { [self] event in
            if let id = event.objectID { try await refused(ID(id)) }
        }
    }
}
