import Service
import Values

extension Invoices {
    /// The invoices of one debtor that the caller may see, for products that list them under their own objects. Whether
    /// he may see the debtor is the product's to decide.
    package func page(
        of debtor: UUID, status: InvoiceStatus?, period: Period?, _ page: PageRequest, for caller: Caller
    ) async throws -> Page<Invoice> {
        var filter = InvoiceFilter()
        filter.debtorID = debtor
        filter.status = status
        filter.period = period
        let sight = try InvoiceSight(of: caller, among: kinds)
        let selection = InvoiceSelection(sight: sight, filter: filter, now: clock.now())
        return Page(
            try await database.all(InvoiceQueries.page(selection, page)),
            total: try await database.one(InvoiceQueries.count(selection)))
    }
}
