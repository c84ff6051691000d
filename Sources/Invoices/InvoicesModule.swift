import Postgres
import Service
import Values

/// What this module adds to the program.
package struct InvoicesModule: Module {
    package let name = "invoices"
    package let invoices: Invoices

    package init(_ invoices: Invoices) { self.invoices = invoices }

    package var operations: [Operation] { InvoiceOperations.all(invoices) }

    package static var statements: [StatementSample] { InvoiceQueries.samples }
}
