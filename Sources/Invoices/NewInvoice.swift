import JSON
import Postgres
import Service
import Values

/// An invoice that a product asks for, before it has a number.
package struct NewInvoice: Sendable {
    /// A registered kind.
    package var kind: String
    package var parties: InvoiceParties
    /// What it is for, where one live invoice per object is wanted: an order, a subscription.
    package var object: Scope?
    /// The billing period, where one live invoice per kind, debtor and period is wanted.
    package var period: Period?
    /// Nil: the day of issue in the issuer's zone and the kind's days.
    package var dueOn: Day?
    package var currency: Currency
    /// Of the issuer: `Europe/Moscow`. Its days decide on issue and overdue.
    package var timeZone: String
    package var items: [NewInvoiceItem]
    package var description: String?
    package var notes: String?
    /// What the debtor is called: a unit's number. Frozen with the invoice, as `debtor` of the snapshot.
    package var debtorName: String?
    /// Printed facts as a JSON object, frozen with the invoice: `locale` (two letters); `issuer` with `name`, `address`,
    /// `taxCode`, `registrationNumber`, `bankName`, `iban`, `bankAccount`, `swift`, `phone`, `email`; `debtor` and `condo`
    /// with `name` and `address`.
    package var snapshot: JSONText
    /// Where the seller has reckoned them himself, of prices that have them in them; nil: those of the lines' rates.
    package var taxes: [InvoiceTax]?

    package init(
        kind: String, parties: InvoiceParties, object: Scope? = nil, period: Period? = nil, dueOn: Day? = nil,
        currency: Currency, timeZone: String, items: [NewInvoiceItem], description: String? = nil,
        notes: String? = nil, debtorName: String? = nil, snapshot: JSONText = .emptyObject
    ) {
        self.kind = kind
        self.parties = parties
        self.object = object
        self.period = period
        self.dueOn = dueOn
        self.currency = currency
        self.timeZone = timeZone
        self.items = items
        self.description = description
        self.notes = notes
        self.debtorName = debtorName
        self.snapshot = snapshot
    }
}

/// What became of a new invoice.
package struct CreatedInvoice: Sendable {
    package let id: ID<Invoice>
    /// The ids of the lines, in the order in which they were given.
    package let itemIDs: [ID<InvoiceItem>]
    /// Nil while it is a draft.
    package internal(set) var number: String?
    package internal(set) var state: InvoiceState
    package let total: Money
}
