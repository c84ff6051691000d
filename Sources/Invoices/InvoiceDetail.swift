import Postgres
import Values

/// An invoice with its lines and what payments gave it.
package struct InvoiceDetail: Row {
    package let invoice: Invoice
    package let items: [InvoiceItem]
    package let payments: [InvoicePayment]

    package init(_ row: inout RowReader) throws {
        invoice = try Invoice(&row)
        items = try InvoiceItem.list(&row, invoice.currency)
        payments = try InvoicePayment.list(&row, invoice.currency)
    }
}

/// What one payment gave to an invoice.
package struct InvoicePayment: Sendable {
    package let id: UUID
    package let reference: String
    /// Of the payment, what went to this invoice.
    package let amount: Int64
    package let currency: Currency
    package let status: String
    package let method: String?
    package let receiptNumber: String?
    package let paidAt: Instant

    /// From seven arrays of one length, or seven nulls.
    fileprivate static func list(_ row: inout RowReader, _ currency: Currency) throws -> [InvoicePayment] {
        let ids: [UUID] = try row.next() ?? []
        let references: [String] = try row.next() ?? []
        let amounts: [Int] = try row.next() ?? []
        let statuses: [String] = try row.next() ?? []
        let methods: [String] = try row.next() ?? []
        let receipts: [String] = try row.next() ?? []
        let instants: [Instant] = try row.next() ?? []
        return ids.indices.map { index in
            InvoicePayment(
                id: ids[index], reference: references[index], amount: Int64(amounts[index]), currency: currency,
                status: statuses[index],
                method: methods[index].isEmpty ? nil : methods[index],
                receiptNumber: receipts[index].isEmpty ? nil : receipts[index], paidAt: instants[index])
        }
    }
}

extension InvoiceItem {
    /// From eight arrays of one length, or eight nulls.
    fileprivate static func list(_ row: inout RowReader, _ currency: Currency) throws -> [InvoiceItem] {
        let ids: [ID<InvoiceItem>] = try row.next() ?? []
        let descriptions: [String] = try row.next() ?? []
        let quantities: [Quantity] = try row.next() ?? []
        let prices: [UnitPrice] = try row.next() ?? []
        let amounts: [Int] = try row.next() ?? []
        let taxRates: [String] = try row.next() ?? []
        let sources: [String] = try row.next() ?? []
        let estimates: [Bool] = try row.next() ?? []
        return ids.indices.map { index in
            InvoiceItem(
                id: ids[index], position: index + 1, description: descriptions[index],
                quantity: quantities[index], unitPrice: prices[index],
                amount: Int64(amounts[index]), currency: currency,
                taxRate: taxRates[index].isEmpty ? nil : Percent(taxRates[index]), source: sources[index].isEmpty ? nil : sources[index],
                isEstimate: estimates[index])
        }
    }
}
