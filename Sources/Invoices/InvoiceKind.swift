import JSON
import Service
import Values

/// A kind of invoice as a product registers it.
package struct InvoiceKind: Sendable {
    /// `unit_monthly`; unique over all products.
    package let name: String
    package let product: String
    /// What numbers begin with: `INV`, as in `INV-2026-000001`. Kinds may share a series.
    package let series: String
    /// How many digits the running number has at least.
    package let digits: Int
    /// Days from issue until it is due.
    package let dueDays: Int
    /// What owes: `unit`, `company`, `user`.
    package let debtorType: ScopeType
    package let scopeType: ScopeType
    package let issuerType: ScopeType
    /// Present where the office may write such invoices by hand.
    package let manual: ManualInvoices?
    /// Present where invoices of this kind are made for a period by `POST /invoices/generate`.
    package let generator: (any InvoiceGenerator)?
    /// Who hears of what these debtors owe.
    package typealias Contacts = nonisolated(nonsending) @Sendable (_ debtors: [UUID]) async throws -> [InvoiceContact]
    let contacts: Contacts
    /// Who somebody without an account is, by what he shows of an invoice's object: an order's secret link. Nil for nobody.
    package typealias Guests = nonisolated(nonsending) @Sendable (_ invoice: Invoice, _ proof: String) async throws -> InvoiceGuest?
    /// Present where invoices of this kind are read and paid by guests.
    let guests: Guests?
    /// Whether what it invoices in rupees is numbered by India's financial year, from April to March: its numbers have the year
    /// that it begins in (0-platform, 4.7).
    let followsIndia: Bool

    package init(
        _ name: String, product: String, series: String, digits: Int = 6, dueDays: Int = 14, followsIndia: Bool = false,
        debtor: ScopeType, scope: ScopeType, issuer: ScopeType, manual: ManualInvoices? = nil,
        generator: (any InvoiceGenerator)? = nil, contacts: @escaping Contacts = { _ in [] },
        guests: Guests? = nil
    ) {
        self.name = name
        self.product = product
        self.series = series
        self.digits = digits
        self.dueDays = dueDays
        self.followsIndia = followsIndia
        debtorType = debtor
        scopeType = scope
        issuerType = issuer
        self.manual = manual
        self.generator = generator
        self.contacts = contacts
        self.guests = guests
    }
}

/// Somebody without an account, as the product of an invoice knows him.
package struct InvoiceGuest: Sendable, Equatable {
    package let name: String?
    package let email: String?
    package let phone: String?

    package init(name: String?, email: String? = nil, phone: String? = nil) {
        self.name = name
        self.email = email
        self.phone = phone
    }
}

/// Finds what an invoice written by hand needs to know about its debtor; nil when there is no such debtor. It is asked inside
/// the transaction that writes the invoice, so that what it locks stays as it is until then.
package struct ManualInvoices: Sendable {
    package typealias Terms = nonisolated(nonsending) @Sendable (_ debtor: UUID) async throws -> InvoiceTerms?
    package let terms: Terms

    package init(terms: @escaping Terms) { self.terms = terms }
}

/// The terms under which a debtor is invoiced.
package struct InvoiceTerms: Sendable {
    package let parties: InvoiceParties
    package let currency: Currency
    package let timeZone: String
    /// Both as in `NewInvoice`.
    package let debtorName: String?
    package let snapshot: JSONText

    package init(
        parties: InvoiceParties, currency: Currency, timeZone: String, debtorName: String? = nil,
        snapshot: JSONText = .emptyObject
    ) {
        self.parties = parties
        self.currency = currency
        self.timeZone = timeZone
        self.debtorName = debtorName
        self.snapshot = snapshot
    }
}
