import JSON
import Payments
import Postgres
import Service
import Values

/// What the board reads of `refund.failed`.
struct RefusedRefund: Shaped {
    let payment: UUID
    let purpose: String
    let amount: DecimalNumber

    static let shape = Shape<RefusedRefund>(
        "UrgentRefusedRefund", Self.init, Field("paymentId", { $0.payment }), Field("purpose", { $0.purpose }),
        Field("amount", { $0.amount }), ignoresUnknown: true)
}

/// An invoice whose payment may be given back.
struct ReturnableInvoice: Row, Sendable {
    let id: Int
    let user: Int
    let account: UUID
    let payment: UUID

    init(_ row: inout RowReader) throws {
        id = try row.next()
        user = try row.next()
        account = try row.next()
        payment = try row.next()
    }

    var wallet: LedgerAccount { .wallet(Scope("user", account), .rub) }
}
