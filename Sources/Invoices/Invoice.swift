import JSON
import Postgres
import Service
import Values

/// What somebody owes somebody, from its first draft on.
package struct Invoice: Sendable {
    package let id: ID<Invoice>
    package let createdAt: Instant
    package let updatedAt: Instant
    package let series: String
    package let number: String?
    package let kind: String
    package let product: String
    package let parties: InvoiceParties
    package let object: Scope?
    package let period: Period?
    package let issuedOn: Day?
    package let currency: Currency
    package let subtotal: Int64
    package let tax: Int64
    package let state: InvoiceState
    /// `[{code, rate, amount}]`, amounts in major units.
    package let taxes: JSONText
    package let description: String?
    package let notes: String?
    package let cancelledAt: Instant?
    package let cancelReason: String?
    package let names: PartyNames
}
