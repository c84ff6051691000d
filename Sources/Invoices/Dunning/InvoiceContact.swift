import Postgres
import Values

/// Somebody who hears of what a debtor owes.
package struct InvoiceContact: Row, Sendable {
    package let debtor: UUID
    package let user: UUID
    /// The creditor's own words for him, added to what he is told.
    package let words: String?

    package init(debtor: UUID, user: UUID, words: String? = nil) {
        self.debtor = debtor
        self.user = user
        self.words = words
    }

    package init(_ row: inout RowReader) throws {
        debtor = try row.next()
        user = try row.next()
        words = try row.next()
    }
}

/// Where somebody is told, and in which language.
struct InvoiceReader: Row {
    let id: UUID
    let email: String?
    let locale: String

    init(_ row: inout RowReader) throws {
        id = try row.next()
        email = try row.next()
        locale = try row.next()
    }
}

/// An invoice of which its debtor is to be reminded, and today in its issuer's zone.
struct DueInvoice: Row {
    let invoice: Invoice
    let today: Day

    var balance: Money { Money(minor: invoice.state.balance, currency: invoice.currency) }

    init(invoice: Invoice, today: Day) {
        self.invoice = invoice
        self.today = today
    }

    init(_ row: inout RowReader) throws {
        invoice = try Invoice(&row)
        today = try row.next()
    }
}
