import Testing

@testable import Values

@Suite struct MoneyTests {
    let euro = Currency.eur

    @Test func knowsCurrenciesAndTheirDecimals() {
        #expect(Currency("EUR")?.exponent == 2)
        #expect(Currency("JPY")?.exponent == 0)
        #expect(Currency("KWD")?.exponent == 3)
        #expect(Currency("RUB") == .rub && Currency.rub.code == "RUB")
        #expect(Currency.kzt.exponent == 2 && Currency.dzd.exponent == 2)
        for code in ["eur", "EU", "EURO", "XXX", "ZZZ", "", "AAA", "ЕUR"] { #expect(Currency(code) == nil) }
    }

    @Test func isCheckedAtTheEnds() throws {
        let most = Money(minor: .max, currency: euro)
        let least = Money(minor: .min, currency: euro)
        let cent = Money(minor: 1, currency: euro)
        #expect(throws: MoneyError.overflow) { try most + cent }
        #expect(throws: MoneyError.overflow) { try least - cent }
        #expect(throws: MoneyError.overflow) { try most * 2 }
        #expect(throws: MoneyError.overflow) { try least.negated() }
        #expect(throws: MoneyError.currencyMismatch) { try cent + Money(minor: 1, currency: .usd) }
        #expect(throws: MoneyError.divisionByZero) { try cent.scaled(by: 1, over: 0) }
        #expect(try [cent, cent].sum(in: euro).minor == 2)
    }

    @Test(arguments: [
        (5, 1, 2, 3), (-5, 1, 2, -3), (7, 1, 3, 2), (8, 1, 3, 3), (1, 1, 3, 0), (-1, 1, 2, -1), (3, 1, -2, -2),
        (Int64.max, 3, 3, .max), (Int64.min, 5, 5, .min), (0, 0, 5, 0),
    ] as [(Int64, Int64, Int64, Int64)])
    func roundsHalfUp(minor: Int64, numerator: Int64, denominator: Int64, expected: Int64) throws {
        #expect(try Money(minor: minor, currency: euro).scaled(by: numerator, over: denominator).minor == expected)
    }

    @Test func quantityTimesPriceIsRoundedOnce() throws {
        let quantity = try #require(Quantity("12.345"))
        let price = try #require(UnitPrice("0.123456"))
        #expect(try quantity.times(price, in: .eur).minor == 152)  // 1.52406432
        #expect(try price.times(quantity, in: Currency("KWD")!).minor == 1_524)
        #expect(try Quantity("0.5")!.times(UnitPrice("0.01")!, in: .eur).minor == 1)
        #expect(try Quantity("0.499")!.times(UnitPrice("0.01")!, in: .eur).minor == 0)
        #expect(throws: ArithmeticError.overflow) {
            try Quantity(raw: .max).times(UnitPrice(raw: .max), in: .eur)
        }
    }

    @Test func feesOfTheSpecification() throws {
        // 0-platform 4.6: 750 rupees cost 14.25 at 1.5 % + 3 and 15.00 at 2 %.
        let amount = Money(minor: 75_000, currency: .inr)
        #expect(try amount.part(Percent("1.5")!) + Money(minor: 300, currency: .inr) == Money(minor: 1_425, currency: .inr))
        #expect(try amount.part(2) == Money(minor: 1_500, currency: .inr))
    }

    @Test func spellsAllDecimals() {
        #expect(Money(minor: 123_450, currency: .eur).description == "1234.50 EUR")
        #expect(Money(minor: -5, currency: .eur).description == "-0.05 EUR")
        #expect(Money(minor: 7, currency: Currency("JPY")!).description == "7 JPY")
        #expect(Money(minor: 1_500, currency: .eur).decimal == DecimalNumber("15"))
    }
}
