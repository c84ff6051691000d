import Postgres
import Values

/// The number that a draft has got, and its state with it.
struct IssuedInvoice: Row {
    let number: String
    let state: InvoiceState

    init(_ row: inout RowReader) throws {
        number = try row.next()
        state = InvoiceState(
            status: try row.next(), total: try row.next(), paid: try row.next(), dueOn: try row.next())
    }
}

/// An invoice nobody else changes until the transaction ends, and today in its issuer's zone.
package struct LockedInvoice: Row {
    package let invoice: Invoice
    package let today: Day

    package init(_ row: inout RowReader) throws {
        invoice = try Invoice(&row)
        today = try row.next()
    }
}

/// What one payment has given to an invoice, which is locked.
struct GivenShare: Row {
    let locked: LockedInvoice
    let amount: Int64

    init(_ row: inout RowReader) throws {
        locked = try LockedInvoice(&row)
        amount = try row.next()
    }
}
