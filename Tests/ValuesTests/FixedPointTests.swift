import Testing

@testable import Values

@Suite struct FixedPointTests {
    @Test(arguments: [
        ("0", 0, "0"), ("12.5", 12_500, "12.5"), ("-0.25", -250, "-0.25"), ("7.000", 7_000, "7"),
        ("1.50000000000000000000000000", 1_500, "1.5"), ("1e2", 100_000, "100"), ("125E-2", 1_250, "1.25"),
        ("9223372036854775.807", .max, "9223372036854775.807"), ("-9223372036854775.808", .min, "-9223372036854775.808"),
        ("0e99999999999999", 0, "0"), ("-0", 0, "0"),
    ] as [(String, Int64, String)])
    func reads(text: String, raw: Int64, spelled: String) throws {
        let quantity = try #require(Quantity(text))
        #expect(quantity.raw == raw)
        #expect(quantity.description == spelled)
    }

    @Test(arguments: [
        "", "-", ".5", "5.", "01", "+1", "1.2345", "1e", "1e+", "1 ", " 1", "0x1", "NaN", "1,5", "--1",
        "9223372036854775.808", "1e99999999999999999999", "99999999999999999999", "1e-400", "٣",
    ])
    func refuses(text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test func calculatesExactlyOrThrows() throws {
        let one: Quantity = 1
        #expect(try one + Quantity("0.001")! == Quantity("1.001"))
        #expect(try one.divided(by: 3) == Quantity("0.333"))
        #expect(try Quantity("-0.001")!.divided(by: 2) == Quantity("-0.001"))
        #expect(throws: ArithmeticError.divisionByZero) { try one.divided(by: 0) }
        #expect(throws: ArithmeticError.overflow) { try Quantity(raw: .max) + Quantity(raw: 1) }
        let area: Area = try Quantity("2.345")!.multiplied(by: Quantity("1.000")!)
        #expect(area == Area("2.35"))
        let rounded: Percent = try Quantity("-2.345")!.rounded()
        #expect(rounded == Percent("-2.35"))
        let wide: UnitPrice = try Quantity("2.345")!.rounded()
        #expect(wide.padded == "2.345000")
        #expect(try [one, 2, 3].sum() == 6)
        #expect(Quantity(whole: .max) == nil)
    }

    @Test func numbersCompareByValue() {
        #expect(DecimalNumber("1.50") == DecimalNumber("1.5"))
        #expect(DecimalNumber("1.5")! < DecimalNumber("1.51")!)
        #expect(DecimalNumber("-9223372036854775808")! < DecimalNumber("0.000000000000000001")!)
        #expect(DecimalNumber("1.25")?.minorUnits(of: .eur) == 125)
        #expect(DecimalNumber("1.255")?.minorUnits(of: .eur) == nil)
        #expect(DecimalNumber("1e3")?.whole == 1_000)
        #expect(DecimalNumber("9223372036854775807")?.minorUnits(of: .eur) == nil)
        #expect(DecimalNumber("9223372036854775808") == nil)
        #expect(DecimalNumber(Quantity("2.500")!) == DecimalNumber("2.5"))
    }

    @Test func roundTripsAnyRawValue() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let price = UnitPrice(raw: Int64.random(in: .min ... .max, using: &generator))
            #expect(UnitPrice(price.description) == price)
            #expect(UnitPrice(price.padded) == price)
        }
    }
}
