import Postgres
import Values

/// Money on its way back to a payer.
package struct Refund: Row {
    package let id: ID<Refund>
    package let createdAt: Instant
    package let updatedAt: Instant
    package let number: String
    package let paymentID: ID<Payment>
    package let amount: Money
    package let state: RefundState
    package let reason: RefundReason
    package let details: String?
    package let requestedBy: UUID?
    package let requester: RefundRequester
    package let decidedAt: Instant?
    package let decisionReason: String?
    package let idempotencyKey: UUID
    package let isUnused: Bool
    /// What the provider calls it, once it has said so.
    package let providerID: String?
    /// Under which it was refused before staff tried again.
    package let previousKey: UUID?
    package let decidedBy: UUID?
    /// Why it failed.
    package let failure: String?

    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        number = try row.next()
        paymentID = try row.next()
        amount = Money(minor: try row.next(), currency: try row.next())
        state = RefundState(try row.next())
        reason = try row.next()
        details = try row.next()
        requestedBy = try row.next()
        requester = try row.next()
        decidedAt = try row.next()
        decisionReason = try row.next()
        idempotencyKey = try row.next()
        isUnused = try row.next()
        providerID = try row.next()
        previousKey = try row.next()
        decidedBy = try row.next()
        failure = try row.next()
    }
}

/// A refund about to be written.
struct NewRefund: Sendable {
    let id = ID<Refund>.new()
    let idempotencyKey = UUID.v7()
    let payment: ID<Payment>
    let amount: Int64
    let status: RefundStatus
    let reason: RefundReason
    let details: String?
    let requestedBy: UUID?
    let requester: RefundRequester
    let isUnused: Bool
}

/// A refund under way that no job has touched for long.
struct AbandonedRefund: Row {
    let id: ID<Refund>
    /// How often it has been taken up again.
    let resumptions: Int

    init(id: ID<Refund>, resumptions: Int) {
        self.id = id
        self.resumptions = resumptions
    }

    init(_ row: inout RowReader) throws {
        id = try row.next()
        resumptions = try row.next()
    }
}

/// Of one payment: what found no use, and what of the used part has gone back so far.
struct RefundSums: Row {
    let unused: Int64
    let returned: Int64

    init(_ row: inout RowReader) throws {
        unused = try row.next()
        returned = try row.next()
    }
}
