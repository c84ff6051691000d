/// The life of a refund as a value.
package struct RefundState: Equatable, Sendable {
    package private(set) var status: RefundStatus

    package init(_ status: RefundStatus) { self.status = status }

    package mutating func approve() throws(PaymentProblem) { try move(to: .approved, from: [.requested, .infoRequested]) }

    package mutating func reject() throws(PaymentProblem) { try move(to: .rejected, from: [.requested, .infoRequested]) }

    package mutating func askForInformation() throws(PaymentProblem) { try move(to: .infoRequested, from: [.requested]) }

    /// The provider is about to be asked. May be said again after a crash: the provider's key makes it safe.
    package mutating func begin() throws(PaymentProblem) { try move(to: .processing, from: [.approved, .processing]) }

    /// Also of one that had failed, when the provider says that it has paid after all.
    package mutating func succeed() throws(PaymentProblem) { try move(to: .succeeded, from: [.processing, .failed]) }

    /// The reservation is released.
    package mutating func fail() throws(PaymentProblem) { try move(to: .failed, from: [.processing]) }

    /// Staff try again what had failed, or ask again what became of one that is under way.
    package mutating func retry() throws(PaymentProblem) {
        if status == .processing { return }
        try move(to: .approved, from: [.failed])
    }

    private mutating func move(to next: RefundStatus, from allowed: [RefundStatus]) throws(PaymentProblem) {
        guard allowed.contains(status) else { throw .decidedTwice }
        status = next
    }
}
