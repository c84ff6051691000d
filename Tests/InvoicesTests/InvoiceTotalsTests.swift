import Testing
import Values

@testable import Invoices

@Suite struct InvoiceTotalsTests {
    static func line(_ quantity: String, _ price: String, tax: String? = nil) -> NewInvoiceItem {
        NewInvoiceItem(
            description: "x", quantity: Quantity(quantity)!, unitPrice: UnitPrice(price)!, taxRate: tax.flatMap { Percent($0) })
    }

    /// 1-condominiums, scenario 13: 50 m² × 35, 10.5 × 42.5, 1 × 1500.
    @Test func theMonthOfTheSpecification() throws {
        let totals = try InvoiceTotals(
            of: [Self.line("50", "35"), Self.line("10.5", "42.5"), Self.line("1", "1500")], in: .rub)
        #expect(totals.amounts == [175_000, 44_625, 150_000])
        #expect(totals.total == 369_625)
    }

    @Test(arguments: [
        ("1", "0.005", 1), ("1", "0.004999", 0), ("3", "0.335", 101), ("0.333", "0.015015", 0), ("1.005", "100", 10_050),
        ("2.675", "1", 268), ("1", "1.005", 101), ("0.001", "0.000001", 0), ("1000000", "99.999999", 9_999_999_900),
    ]) func linesAreRoundedHalfUpOnce(quantity: String, price: String, minor: Int64) throws {
        #expect(try Self.line(quantity, price).amount(in: .eur).minor == minor)
    }

    @Test func currenciesWithoutDecimalsRoundToWholeUnits() throws {
        let yen = try #require(Currency("JPY"))
        #expect(try Self.line("2.5", "1").amount(in: yen).minor == 3)
    }

    @Test func taxIsRoundedOncePerRate() throws {
        let totals = try InvoiceTotals(
            of: [Self.line("1", "0.03", tax: "20"), Self.line("1", "0.03", tax: "20"), Self.line("1", "1", tax: "5")],
            in: .eur)
        // 20 % of 0.06 is 0.012: one cent. Line by line it would be two.
        #expect(totals.taxes.map(\.amount) == [5, 1])
        #expect(totals.subtotal == 106)
        #expect(totals.total == 112)
    }

    @Test func theSumIsAlwaysTheSumOfTheLines() throws {
        var random = SystemRandomNumberGenerator()
        let seed = random.next()
        var generator = SplitMix(seed)
        for _ in 0..<500 {
            let items = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
                NewInvoiceItem(
                    description: "x", quantity: Quantity(raw: .random(in: 1...1_000_000_000, using: &generator)),
                    unitPrice: UnitPrice(raw: .random(in: 0...1_000_000_000_000, using: &generator)),
                    taxRate: Bool.random(using: &generator) ? Percent(raw: .random(in: 0...10_000, using: &generator)) : nil)
            }
            let totals = try InvoiceTotals(of: items, in: .eur)
            #expect(totals.amounts.reduce(0, +) == totals.subtotal, "seed \(seed)")
            #expect(totals.taxes.reduce(0) { $0 + $1.amount } == totals.tax, "seed \(seed)")
            #expect(totals.subtotal + totals.tax == totals.total, "seed \(seed)")
        }
    }

    @Test func whatDoesNotFitIsRefused() {
        let huge = NewInvoiceItem(
            description: "x", quantity: Quantity(raw: .max), unitPrice: UnitPrice(raw: .max))
        #expect(throws: ArithmeticError.overflow) { try InvoiceTotals(of: [huge], in: .eur) }
    }
}

/// A seeded source of randomness, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }
}
