import Payments
import Postgres
import Service
import Values

/// An invoice whose payment may be given back.
struct ReturnableInvoice: Row, Sendable {
    let id: Int
    let user: Int
    let payment: UUID
    /// The account whose wallet the payment has filled, whoever has it now; nil before there is a payment.
    let payee: UUID?

    init(_ row: inout RowReader) throws {
        id = try row.next()
        user = try row.next()
        payment = try row.next()
        payee = try row.next()
    }

    var wallet: LedgerAccount? { payee.map { .wallet(Scope("user", $0), .rub) } }
}
