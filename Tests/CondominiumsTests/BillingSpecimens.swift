import Values

@testable import Condominiums

extension BilledUnit {
    static func specimen(
        area: String? = "50", residents: Int = 1, meters: [BilledMeter] = []
    ) -> BilledUnit {
        BilledUnit(
            id: .new(), number: "1", typeCode: "apartment", area: area.flatMap { Area($0) }, activeResidents: residents,
            meters: meters)
    }
}

extension BilledMeter {
    static func specimen(
        type: String = "cold_water", initial: Quantity, positions: [MonthPosition], installedIn: Period? = nil,
        charged: Quantity = 0
    ) -> BilledMeter {
        BilledMeter(
            id: .new(), isInUse: true, typeCode: type, serialNumber: "SN-1", zones: [], initial: [.whole: initial],
            installedIn: installedIn, positions: positions, charged: [.whole: charged], chargedLastMonth: [:])
    }
}

extension MonthPosition {
    init(_ period: Period, _ value: String) {
        self.init(reading: .new(), period: period, values: [.whole: Quantity(value)!])
    }
}

extension Tariff {
    static func specimen(
        _ code: String, _ kind: TariffKind, _ price: String, type: String? = nil, zone: String? = nil,
        unitType: String? = nil
    ) -> Tariff {
        Tariff(
            id: .new(), condo: .new(), kind: kind, code: code, name: code,
            meterTypeCode: kind == .meterBased ? type ?? "cold_water" : nil, zone: zone, unitTypeCode: unitType,
            price: UnitPrice(price)!, currency: .rub, missingReadingPolicy: .average, normQuantity: nil,
            validFrom: Day(year: 2026, month: 1, day: 1)!, validTo: nil, isActive: true)
    }
}
