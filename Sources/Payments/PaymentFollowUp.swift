import JSON
import Jobs
import Service
import Telemetry
import Values

/// What follows from a step of a payment, in the transaction that makes it: events, jobs, alarms.
package struct PaymentFollowUp: Sendable {
    let events: Outbox
    let jobs: Jobs
    let log: Log

    package init(events: Outbox, jobs: Jobs, log: Log) {
        self.events = events
        self.jobs = jobs
        self.log = log
    }

    func succeeded(_ payment: Payment, _ state: PaymentState) async throws {
        try await tell("payment.succeeded", payment, state)
    }

    /// Ended without money we could use, now or before. An alarm is for staff: money of a wrong amount lies at the
    /// provider.
    func ended(_ payment: Payment, _ state: PaymentState, alarm: Bool) async throws {
        if alarm {
            log.error(
                "a provider took another amount than was asked for",
                ["payment": .text("\(payment.id)"), "reference": .text(payment.reference)])
        }
        if state.status != payment.state.status {
            try await tell("payment.\(state.status.rawValue)", payment, state)
        }
    }

    /// The provider has not said for a day what became of it; it is not asked by itself any more.
    func unknownForLong(_ payment: Payment) {
        log.error(
            "a provider does not say what became of a payment",
            ["payment": .text("\(payment.id)"), "reference": .text(payment.reference)])
    }

    /// Staff look into it: nothing is repaired silently.
    func differs(_ provider: String, _ count: Int) {
        log.error(
            "the books do not agree", ["with": .text(provider), "differences": .text("\(count)")])
    }

    /// The payer contests it at his bank.
    func disputed(_ payment: Payment) async throws {
        log.error(
            "a payment is disputed", ["payment": .text("\(payment.id)"), "reference": .text(payment.reference)])
        try await tell("payment.disputed", payment, payment.state)
    }

    /// - Returns: nil when a job carries it out already.
    @discardableResult
    func refundApproved(_ id: ID<Refund>) async throws -> ID<Job>? {
        try await jobs.enqueue(PaymentJobs.processRefund, RefundJob(refundID: id), dedupe: "refund:\(id)")
    }

    func payoutReleased(_ id: ID<Payout>) async throws {
        try await jobs.enqueue(PaymentJobs.processPayout, PayoutJob(payoutID: id), dedupe: "payout:\(id)")
    }

    /// It has arrived, or was refused; then staff are told.
    func paidOut(_ name: String, _ payout: Payout) async throws {
        if name == "payout.failed" { log.error("a payout was refused", ["number": .text(payout.number)]) }
        try await events.publish(
            Event(name, "payout", payout.id.uuid, in: payout.payee, data: JSONText(encoding: PayoutNews(payout: payout))))
    }

    func methodDeleted(_ id: ID<SavedMethod>) async throws {
        try await jobs.enqueue(PaymentJobs.detachMethod, MethodJob(methodID: id), dedupe: "method:\(id)")
    }

    /// Staff have decided on what a payer has asked for, or ask him for more.
    func decided(_ decision: RefundDecision, _ refund: Refund, of payment: Payment) async throws {
        try await tell(decision.event, payment, refund)
    }

    func refundFailed(_ refund: Refund, of payment: Payment, _ failure: String) async throws {
        log.error(
            "a refund was not carried out",
            ["refund": .text("\(refund.id)"), "number": .text(refund.number), "error": .text(failure)])
        try await tell("refund.failed", payment, refund)
    }

    func refundUnanswered(_ id: ID<Refund>) {
        log.error("a provider does not say what became of a refund", ["refund": .text("\(id)")])
    }

    func refunded(_ payment: Payment, _ refund: Refund) async throws { try await tell("refund.succeeded", payment, refund) }

    private func tell(_ name: String, _ payment: Payment, _ refund: Refund) async throws {
        let news = RefundNews(
            number: refund.number, paymentID: payment.id, purpose: payment.purpose, purposeID: payment.purposeID,
            payerID: payment.payerID, amount: refund.amount)
        try await events.publish(
            Event(name, "refund", refund.id.uuid, in: payment.scope, data: JSONText(encoding: news)))
    }

    private func tell(_ name: String, _ payment: Payment, _ state: PaymentState) async throws {
        let news = PaymentNews(
            reference: payment.reference, purpose: payment.purpose, purposeID: payment.purposeID,
            payerID: payment.payerID, status: state.status, amount: state.amount, isLate: state.isLate)
        try await events.publish(
            Event(name, "payment", payment.id.uuid, in: payment.scope, data: JSONText(encoding: news)))
    }
}
