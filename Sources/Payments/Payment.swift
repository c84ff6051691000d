import JSON
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
    package internal(set) var payee: Scope
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
    package internal(set) var state: PaymentState
    package let capture: CaptureMode
    package let isLive: Bool
    package let succeededAt: Instant?
    package let failedAt: Instant?
    package let cancelledAt: Instant?
    /// Who pays, where he has no account.
    package let guest: GuestPayer?
    /// What it is made of, where that is more than its object.
    package let parts: [PaymentPart]
    /// Whether what it is paid by is to be kept for the payer.
    package let savesMethod: Bool
    /// Since when the payer contests it at his bank.
    package let disputedAt: Instant?
    /// Facts that its purpose has noted.
    package let metadata: [String: String]
    /// Since when a provider holds it.
    package let authorizedAt: Instant?

    /// What has come in; before it has, what is to come.
    package var received: Money {
        Money(minor: state.captured > 0 ? state.captured : state.expected.minor, currency: state.amount.currency)
    }

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
        (state, capture) = try PaymentState.read(&row)
        isLive = try row.next()
        succeededAt = try row.next()
        failedAt = try row.next()
        cancelledAt = try row.next()
        let payer = try row.document(GuestPayer(name: nil))
        guest = payer == GuestPayer(name: nil) ? nil : payer
        parts = try row.document([])
        savesMethod = try row.next()
        disputedAt = try row.next()
        metadata = try row.document([:])
        authorizedAt = try row.next()
    }
}

extension PaymentState {
    /// Status, amount, currency, captured, refunded, is_late, failure_code, failure_message, capture, capture_amount.
    fileprivate static func read(_ row: inout RowReader) throws -> (PaymentState, CaptureMode) {
        let status: PaymentStatus = try row.next()
        let amount = Money(minor: try row.next(), currency: try row.next())
        let captured: Int64 = try row.next()
        let refunded: Int64 = try row.next()
        let isLate: Bool = try row.next()
        let code: String? = try row.next()
        let message: String? = try row.next()
        let mode: CaptureMode = try row.next()
        let part: Int64? = try row.next()
        let state = PaymentState(
            status: status, amount: amount, expected: part.map { Money(minor: $0, currency: amount.currency) }, captured: captured, refunded: refunded, isLate: isLate,
            failure: code.map { PaymentFailure(code: $0, message: message ?? "") })
        // Held money is taken at once unless the purpose leaves that to staff; once they have said how much, it is too.
        return (state, part == nil ? mode : .automatic)
    }
}

/// When held money is taken.
package enum CaptureMode: String, WireEnum {
    /// At once.
    case automatic
    /// When staff say so.
    case manual
}
