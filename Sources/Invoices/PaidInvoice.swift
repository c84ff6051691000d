import Postgres
import Values

/// What a payment gave to an invoice, also where it has been given back since.
package struct PaidInvoice: Row, Sendable {
    package let number: String
    package let amount: Money
    /// As the invoice prints him.
    package let issuer: String?

    package init(_ row: inout RowReader) throws {
        number = try row.next()
        let minor: Int64 = try row.next()
        amount = Money(minor: minor, currency: try row.next())
        issuer = try row.next()
    }
}
