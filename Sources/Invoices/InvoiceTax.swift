import JSON
import Values

/// The tax of one rate on an invoice.
package struct InvoiceTax: Equatable, Sendable {
    package let code: String
    package let rate: Percent
    package let amount: Int64

    package init(code: String, rate: Percent, amount: Int64) {
        self.code = code
        self.rate = rate
        self.amount = amount
    }

    /// As it is kept and shown: amounts in major units, exact.
    static func json(_ taxes: [InvoiceTax], in currency: Currency) -> JSONText {
        let entries = taxes.map { tax in
            let amount = Money(minor: tax.amount, currency: currency).decimal
            return "{\"code\":\"\(tax.code)\",\"rate\":\(tax.rate),\"amount\":\(amount)}"
        }
        return JSONText(trusted: Array("[\(entries.joined(separator: ","))]".utf8))
    }
}
