import JSON
import Postgres
import Service
import Values

/// Money on its way from the platform to a payee.
package struct Payout: Row, Sendable {
    package let id: ID<Payout>
    package let createdAt: Instant
    package let updatedAt: Instant
    package let number: String
    package let payee: Scope
    package let gross: Money
    package let commission: Money
    /// Refunds after the payment was paid out, and what staff have decided.
    package let adjustment: Money
    package let amount: Money
    package let from: Day
    package let to: Day
    package let dueOn: Day
    package let itemsCount: Int
    package let state: PayoutState
    package let method: PayoutMethod?
    package let providerID: String?
    package let idempotencyKey: UUID
    package let processedBy: UUID?
    package let processedAt: Instant?
    package let completedAt: Instant?
    package let failure: String?
    package let notes: String?
    /// Who was the first of two to let it go.
    package let approvedBy: UUID?
    package let approvedAt: Instant?
    /// Who transfers it; nil until it is let go.
    package let transfer: String?

    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        number = try row.next()
        payee = Scope(ScopeType(try row.next()), try row.next() as UUID)
        let currency: Currency = try row.next()
        gross = Money(minor: try row.next(), currency: currency)
        commission = Money(minor: try row.next(), currency: currency)
        adjustment = Money(minor: try row.next(), currency: currency)
        amount = Money(minor: try row.next(), currency: currency)
        from = try row.next()
        to = try row.next()
        dueOn = try row.next()
        itemsCount = try row.next()
        state = PayoutState(try row.next())
        method = try row.next()
        providerID = try row.next()
        idempotencyKey = try row.next()
        processedBy = try row.next()
        processedAt = try row.next()
        completedAt = try row.next()
        failure = try row.next()
        notes = try row.next()
        approvedBy = try row.next()
        approvedAt = try row.next()
        transfer = try row.next()
    }
}

/// Where a payout stands.
package enum PayoutStatus: String, WireEnum {
    case pending, processing, completed, failed, cancelled
}

/// How it is paid.
package enum PayoutMethod: String, WireEnum {
    case bankTransfer = "bank_transfer"
    case card, provider, wallet
}

/// The life of a payout as a value.
package struct PayoutState: Equatable, Sendable {
    package private(set) var status: PayoutStatus

    package init(_ status: PayoutStatus) { self.status = status }

    /// Staff let it go. Of two at once the second finds it gone.
    package mutating func process() throws(PaymentProblem) { try move(to: .processing, from: [.pending]) }

    package mutating func complete() throws(PaymentProblem) { try move(to: .completed, from: [.processing]) }

    /// The transfer was refused for good.
    package mutating func fail() throws(PaymentProblem) { try move(to: .failed, from: [.processing]) }

    package mutating func retry() throws(PaymentProblem) { try move(to: .processing, from: [.failed]) }

    /// What it was made of is free for another.
    package mutating func cancel() throws(PaymentProblem) { try move(to: .cancelled, from: [.pending, .failed]) }

    private mutating func move(to next: PayoutStatus, from allowed: [PayoutStatus]) throws(PaymentProblem) {
        guard allowed.contains(status) else { throw .invalidState }
        status = next
    }
}
