import Values

/// A line before it has a place: quantity × price is rounded half up to the minor unit, once.
package struct NewInvoiceItem: Equatable, Sendable {
    package var description: String
    package var quantity: Quantity
    package var unitPrice: UnitPrice
    package var taxRate: Percent?
    /// Where the line came from, in the words of the product: `tariff:<id>`.
    package var source: String?
    package var isEstimate: Bool

    package init(
        description: String, quantity: Quantity, unitPrice: UnitPrice, taxRate: Percent? = nil, source: String? = nil,
        isEstimate: Bool = false
    ) {
        self.description = description
        self.quantity = quantity
        self.unitPrice = unitPrice
        self.taxRate = taxRate
        self.source = source
        self.isEstimate = isEstimate
    }

    package func amount(in currency: Currency) throws(ArithmeticError) -> Money {
        try quantity.times(unitPrice, in: currency)
    }
}
