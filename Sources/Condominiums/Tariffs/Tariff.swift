import JSON
import Values

/// A price in force for a span of days, of a condo or, without one, the platform's default.
struct Tariff: Hashable, Sendable {
    var id: ID<Tariff>
    var condo: ID<Condo>?
    var kind: TariffKind
    var code: String
    var name: String
    var meterTypeCode: String?
    var zone: String?
    var unitTypeCode: String?
    var price: UnitPrice
    var currency: Currency
    var missingReadingPolicy: MissingReadingPolicy
    var normQuantity: Quantity?
    var validFrom: Day
    var validTo: Day?
    var isActive: Bool

    /// In force for a month: valid on its last day.
    func isInForce(in period: Period) -> Bool {
        isActive && validFrom <= period.lastDay && (validTo.map { $0 >= period.lastDay } ?? true)
    }
}

extension Tariff {
    /// The tariffs of a month: the condo's own, and each default whose code the condo does not price itself.
    static func inForce(
        _ tariffs: [Tariff], in period: Period, currency: Currency, usingDefaults: Bool
    ) -> [Tariff] {
        let live = tariffs.filter { $0.isInForce(in: period) && $0.currency == currency }
        let own = live.filter { $0.condo != nil }
        guard usingDefaults else { return own }
        let priced = Set(own.map(\.code))
        return own + live.filter { $0.condo == nil && !priced.contains($0.code) }
    }
}
