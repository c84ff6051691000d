import JSON
import Postgres
import Values

/// What of an invoice a change has left as it is, and what it has set.
struct InvoiceRevision {
    var state: InvoiceState
    var subtotal: Int64
    var tax: Int64
    var taxes: JSONText
    var description: String?
    var notes: String?

    init(
        state: InvoiceState, subtotal: Int64, tax: Int64, taxes: JSONText, description: String?, notes: String?
    ) {
        self.state = state
        self.subtotal = subtotal
        self.tax = tax
        self.taxes = taxes
        self.description = description
        self.notes = notes
    }

    init(of invoice: Invoice) {
        state = invoice.state
        subtotal = invoice.subtotal
        tax = invoice.tax
        taxes = invoice.taxes
        description = invoice.description
        notes = invoice.notes
    }
}
