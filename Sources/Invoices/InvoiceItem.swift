import Values

/// A line of an invoice as it is kept.
package struct InvoiceItem: Sendable {
    package let id: ID<InvoiceItem>
    package let position: Int
    package let description: String
    package let quantity: Quantity
    package let unitPrice: UnitPrice
    package let amount: Int64
    package let currency: Currency
    package let taxRate: Percent?
    package let source: String?
    package let isEstimate: Bool
}
