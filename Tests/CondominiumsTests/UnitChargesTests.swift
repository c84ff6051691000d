import Testing
import Values

@testable import Condominiums

/// Spec 4.5, rules 1 to 4: what a month costs a unit, to the last cent.
@Suite struct UnitChargesTests {
    let july = Period(year: 2026, month: 7)!

    @Test func areaFixedAndMeterMakeTheInvoiceOfScenario13() throws {
        let unit = BilledUnit.specimen(meters: [
            .specimen(initial: 100, positions: [.init(july, "110.5")])
        ])
        let charges = try UnitCharges(
            of: unit,
            by: [
                .specimen("maintenance", .areaBased, "35"), .specimen("heating_base", .fixed, "1500"),
                .specimen("cold_water", .meterBased, "42.5"),
            ], in: july, currency: .rub)
        let lines = charges.lines.sorted { $0.tariff.code < $1.tariff.code }
        #expect(lines.map(\.amount.minor) == [44_625, 150_000, 175_000])
        #expect(try charges.total.minor == 369_625)
        #expect(charges.problems.isEmpty)
    }

    @Test func aLineIsRoundedOnceHalfUp() throws {
        let unit = BilledUnit.specimen(area: "33.33")
        let charges = try UnitCharges(
            of: unit, by: [.specimen("lift", .areaBased, "1.005")], in: july, currency: .rub)
        // 33.33 × 1.005 = 33.49665
        #expect(charges.lines.map(\.amount.minor) == [3_350])
    }

    @Test func aUnitWithoutAreaIsReported() throws {
        let unit = BilledUnit.specimen(area: nil)
        let charges = try UnitCharges(
            of: unit, by: [.specimen("maintenance", .areaBased, "35")], in: july, currency: .rub)
        #expect(charges.lines.isEmpty)
        #expect(charges.problems == [BillingProblem(unit: unit.id, code: .noArea, subject: "maintenance")])
    }

    @Test func theAverageOfThreeMonthsStandsInForAReading() throws {
        let unit = BilledUnit.specimen(meters: [
            .specimen(
                initial: 0,
                positions: [
                    .init(july.previous, "40"), .init(july.adding(months: -2), "30"),
                    .init(july.adding(months: -3), "15"), .init(july.adding(months: -4), "10"),
                ], charged: 40)
        ])
        let line = try #require(try charges(unit).lines.first)
        #expect(line.quantity == 10)
        #expect(line.isEstimate)
        #expect(line.charge?.basis == .estimate(.average))
    }

    @Test func aReadingAfterAGapCountsForEveryMonthItCovers() throws {
        let unit = BilledUnit.specimen(meters: [
            .specimen(
                initial: 0,
                positions: [.init(july.previous, "70"), .init(july.adding(months: -7), "10")],
                installedIn: july.adding(months: -8), charged: 70)
        ])
        // 70 over the seven months from the installation to June.
        #expect(try charges(unit).lines.first?.quantity == 10)
    }

    @Test func theNextTrueReadingCorrectsTheEstimate() throws {
        let august = july.next
        let unit = BilledUnit.specimen(meters: [
            .specimen(initial: 0, positions: [.init(august, "55.5"), .init(july.previous, "40")], charged: 50)
        ])
        let charges = try UnitCharges(
            of: unit, by: [.specimen("cold_water", .meterBased, "42.5")], in: august, currency: .rub)
        #expect(charges.lines.map(\.quantity) == [Quantity("5.5")!])
        #expect(charges.lines.first?.isEstimate == false)
    }

    @Test func nothingIsChargedWhileEstimatesRunAhead() throws {
        let unit = BilledUnit.specimen(meters: [.specimen(initial: 0, positions: [.init(july, "45")], charged: 50)])
        #expect(try charges(unit).lines.isEmpty)
        #expect(try charges(unit).problems.isEmpty)
    }

    @Test(arguments: [
        (MissingReadingPolicy.previous, Quantity("7"), MissingReadingPolicy.previous),
        (.norm, Quantity("6"), .norm), (.average, Quantity("6"), .norm),
    ])
    func policiesFallBackToTheNorm(
        policy: MissingReadingPolicy, expected: Quantity?, used: MissingReadingPolicy
    ) throws {
        var meter = BilledMeter.specimen(initial: 0, positions: [])
        meter.chargedLastMonth = [.whole: 7]
        let unit = BilledUnit.specimen(residents: 2, meters: [meter])
        let line = try charges(unit, policy: policy, norm: 3).lines.first
        #expect(line?.quantity == expected)
        #expect(line?.charge?.basis == .estimate(used))
    }

    @Test func withoutNormTheMeterIsReported() throws {
        let unit = BilledUnit.specimen(meters: [.specimen(initial: 0, positions: [])])
        let charges = try charges(unit, policy: .average, norm: nil)
        #expect(charges.lines.isEmpty)
        #expect(charges.problems.map(\.code) == [.noReading])
    }

    @Test func skippingIsNoProblem() throws {
        let unit = BilledUnit.specimen(meters: [.specimen(initial: 0, positions: [])])
        let charges = try charges(unit, policy: .skip, norm: 3)
        #expect(charges.lines.isEmpty && charges.problems.isEmpty)
    }

    @Test func zonesAreChargedApart() throws {
        var meter = BilledMeter.specimen(type: "electricity_day_night", initial: 0, positions: [])
        meter.zones = ["day", "night"]
        meter.initial = [.zone("day"): 10, .zone("night"): 5]
        meter.positions = [
            MonthPosition(
                reading: .new(), period: july,
                values: RegisterValues([(.whole, 100), (.zone("day"), 60), (.zone("night"), 40)]))
        ]
        let charges = try UnitCharges(
            of: .specimen(meters: [meter]),
            by: [
                .specimen("el_day", .meterBased, "6", type: "electricity_day_night", zone: "day"),
                .specimen("el_night", .meterBased, "2", type: "electricity_day_night", zone: "night"),
            ], in: july, currency: .rub)
        #expect(charges.lines.map(\.quantity) == [50, 35])
        #expect(charges.lines.map(\.amount.minor) == [30_000, 7_000])
    }

    /// Where all zones have one price, or prices of one name, the line says which zone it is.
    @Test(arguments: [
        ("Electricity, day", "day", "Electricity, day, EL-1: 10 – 60"),
        ("Electricity", "day", "Electricity, day, EL-1: 10 – 60"),
        ("Tuesday's electricity", nil, "Tuesday's electricity, day, EL-1: 10 – 60"),
    ] as [(String, String?, String)])
    func aLineNamesItsZoneOnce(name: String, zone: String?, description: String) throws {
        var meter = BilledMeter.specimen(type: "electricity_day_night", initial: 0, positions: [])
        meter.serialNumber = "EL-1"
        meter.zones = ["day"]
        meter.initial = [.zone("day"): 10]
        meter.positions = [MonthPosition(reading: .new(), period: july, values: [.zone("day"): 60])]
        var tariff = Tariff.specimen("el", .meterBased, "6", type: "electricity_day_night", zone: zone)
        tariff.name = name
        let charges = try UnitCharges(of: .specimen(meters: [meter]), by: [tariff], in: july, currency: .rub)
        #expect(charges.lines.map(\.description) == [description])
    }

    @Test func thePriceForTheUnitsTypeGoesFirst() throws {
        let charges = try UnitCharges(
            of: .specimen(area: "10"),
            by: [
                .specimen("maintenance", .areaBased, "35"),
                .specimen("maintenance", .areaBased, "50", unitType: "apartment"),
                .specimen("maintenance", .areaBased, "70", unitType: "office"),
            ], in: july, currency: .rub)
        #expect(charges.lines.map(\.amount.minor) == [50_000])
    }

    @Test func aRegisterIsChargedByOneTariffOnly() throws {
        let unit = BilledUnit.specimen(meters: [.specimen(initial: 0, positions: [.init(july, "10")])])
        let charges = try UnitCharges(
            of: unit,
            by: [.specimen("cold_water", .meterBased, "1"), .specimen("sewage", .meterBased, "1")], in: july,
            currency: .rub)
        #expect(charges.lines.map(\.tariff.code) == ["cold_water"])
        #expect(charges.problems.map(\.code) == [.tariffConflict])
    }

    private func charges(
        _ unit: BilledUnit, policy: MissingReadingPolicy = .average, norm: Quantity? = nil
    ) throws -> UnitCharges {
        var tariff = Tariff.specimen("cold_water", .meterBased, "42.5")
        tariff.missingReadingPolicy = policy
        tariff.normQuantity = norm
        return try UnitCharges(of: unit, by: [tariff], in: july, currency: .rub)
    }
}
