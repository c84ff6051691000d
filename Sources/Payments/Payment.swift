import Postgres
import Service
import Values

/// What somebody wants to pay for one object, or has paid.
package struct Payment: Sendable {
    package let id: ID<Payment>
    package let createdAt: Instant
    package let updatedAt: Instant
    /// `ORD_` and twenty characters: what people and providers call it.
    package let reference: String
    package let product: String
    package let purpose: String
    package let purposeID: UUID
    package let payerID: UUID?
    package let scope: Scope
    /// Whose money it is.
    package let payee: Scope
    package let fee: Int64
    package let commission: Int64
    package let provider: String?
    package let method: String?
    package let description: String
    package let returnURL: String?
    package let expiresAt: Instant
    package let recordedBy: UUID?
    package let outsideReference: String?
    package let receiptNumber: String?
    package let state: PaymentState
    package let isLive: Bool
    package let succeededAt: Instant?
    package let failedAt: Instant?
    package let cancelledAt: Instant?

    /// Where it stands: staff with a grant on either see it.
    package var path: ScopePath { [scope, payee] }
}

extension Payment: Row {
    /// The columns of `PaymentQueries.columns`, in that order.
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        reference = try row.next()
        product = try row.next()
        purpose = try row.next()
        purposeID = try row.next()
        payerID = try row.next()
        scope = Scope(ScopeType(try row.next()), try row.next() as UUID)
        payee = Scope(ScopeType(try row.next()), try row.next())
        fee = try row.next()
        commission = try row.next()
        provider = try row.next()
        method = try row.next()
        description = try row.next()
        returnURL = try row.next()
        expiresAt = try row.next()
        recordedBy = try row.next()
        outsideReference = try row.next()
        receiptNumber = try row.next()
        state = try PaymentState(&row)
        isLive = try row.next()
        succeededAt = try row.next()
        failedAt = try row.next()
        cancelledAt = try row.next()
    }
}

extension PaymentState {
    /// Status, amount, currency, captured, refunded, is_late, failure_code, failure_message.
    fileprivate init(_ row: inout RowReader) throws {
        let status: PaymentStatus = try row.next()
        let amount = Money(minor: try row.next(), currency: try row.next())
        let captured: Int64 = try row.next()
        let refunded: Int64 = try row.next()
        let isLate: Bool = try row.next()
        let code: String? = try row.next()
        let message: String? = try row.next()
        self.init(
            status: status, amount: amount, captured: captured, refunded: refunded, isLate: isLate,
            failure: code.map { PaymentFailure(code: $0, message: message ?? "") })
    }
}
