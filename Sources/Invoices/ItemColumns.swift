import JSON
import Postgres
import Values

/// The lines of an invoice as columns, so that any number of them is written by one statement.
struct ItemColumns {
    let ids: [ID<InvoiceItem>]
    let taxes: JSONText
    /// `l (id, description, quantity, unit_price, amount, tax_rate, source, is_estimate, position)`; no tax rate and no
    /// source are empty texts.
    let table: SQL

    init(_ items: [NewInvoiceItem], totals: InvoiceTotals, currency: Currency) {
        ids = items.map { _ in ID.new() }
        taxes = InvoiceTax.json(totals.taxes, in: currency)
        table = """
            unnest(
                \(ids), \(items.map(\.description))::text[], \(items.map(\.quantity.description))::text[]::numeric[],
                \(items.map(\.unitPrice.description))::text[]::numeric[], \(totals.amounts.map { Int($0) })::bigint[],
                \(items.map { $0.taxRate?.description ?? "" })::text[], \(items.map { $0.source ?? "" })::text[],
                \(items.map(\.isEstimate))
            ) with ordinality as l (
                id, description, quantity, unit_price, amount, tax_rate, source, is_estimate, position)
            """
    }
}
