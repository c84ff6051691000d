import Values

/// What the lines make together: their amounts, one tax per rate, and the sums. Exact, and refused when it overflows.
package struct InvoiceTotals: Equatable, Sendable {
    /// The amounts of the lines, in their order, in minor units.
    package let amounts: [Int64]
    package let subtotal: Int64
    package let taxes: [InvoiceTax]
    package let tax: Int64
    package let total: Int64

    /// - Parameter given: taxes that the seller has reckoned himself, in place of those of the lines' rates.
    package init(
        of items: [NewInvoiceItem], in currency: Currency, taxes given: [InvoiceTax]? = nil
    ) throws(ArithmeticError) {
        var amounts: [Int64] = []
        var bases: [Percent: Money] = [:]
        var subtotal = Money.zero(currency)
        for item in items {
            let amount = try item.amount(in: currency)
            amounts.append(amount.minor)
            subtotal = try subtotal + amount
            if let rate = item.taxRate, rate.raw > 0 {
                bases[rate] = try (bases[rate] ?? .zero(currency)) + amount
            }
        }
        var taxes: [InvoiceTax] = []
        var tax = Money.zero(currency)
        if let given { (taxes, bases) = (given, [:]) }
        for one in taxes { tax = try tax + Money(minor: one.amount, currency: currency) }
        for (rate, base) in bases.sorted(by: { $0.key < $1.key }) {
            // Rounded once per rate, not per line: what a tax return adds up.
            let amount = try base.part(rate)
            taxes.append(InvoiceTax(code: "tax", rate: rate, amount: amount.minor))
            tax = try tax + amount
        }
        self.amounts = amounts
        self.subtotal = subtotal.minor
        self.taxes = taxes
        self.tax = tax.minor
        self.total = try (subtotal + tax).minor
    }
}
