import Invoices
import Values

/// India's tax on goods and services (GST), on what the platform sells in rupees: in the seller's own state halves of the union's and
/// the state's, into any other state one whole (0-platform, 4.7).
package struct GoodsTax: Sendable, Equatable {
    package let rate: Percent
    /// Number of the platform's state, as the tax has it: 29 for Karnataka.
    package let state: Int
    /// Whether prices have it in them.
    package let isIncluded: Bool

    package init(rate: Percent, state: Int, isIncluded: Bool) {
        self.rate = rate
        self.state = state
        self.isIncluded = isIncluded
    }

    package static let standard = GoodsTax(rate: Percent(raw: 18_00), state: 29, isIncluded: true)

    /// In which time zone an invoice of ours has its day: rupees are India's, and its year ends there.
    static func zone(of currency: Currency) -> String { currency == .inr ? "Asia/Kolkata" : "UTC" }

    private func concerns(_ price: Money) -> Bool { price.currency == .inr && rate.raw > 0 && !price.isZero }

    /// What is asked for beside a price; nothing where it is in it.
    func added(to price: Money) throws -> Money {
        isIncluded || !concerns(price) ? .zero(price.currency) : try price.part(rate)
    }

    /// What an amount that was asked for is made of.
    ///
    /// - Parameters:
    ///   - price: without what was added to it.
    ///   - buyer: number of his state; the platform's own where it is not known.
    func parts(of amount: Money, price: Money, buyer: Int?) throws -> (net: Money, taxes: [InvoiceTax]) {
        guard concerns(amount) else { return (amount, []) }
        let tax = isIncluded ? try amount.scaled(by: rate.raw, over: 10_000 + rate.raw) : try amount - price
        let net = try amount - tax
        if let buyer, buyer != state { return (net, [InvoiceTax(code: "IGST", rate: rate, amount: tax.minor)]) }
        let half = Percent(raw: rate.raw / 2)
        let central = (tax.minor + 1) / 2
        return (
            net,
            [
                InvoiceTax(code: "CGST", rate: half, amount: central),
                InvoiceTax(code: "SGST", rate: half, amount: tax.minor - central),
            ])
    }
}
