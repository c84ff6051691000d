import Values

/// What a meter without a reading is charged, and by which rule: spec 4.5, rule 3.
///
/// Average and previous fall back to the norm; nil when there is none either.
struct ConsumptionEstimate: Equatable, Sendable {
    var quantity: Quantity
    var policy: MissingReadingPolicy

    init(quantity: Quantity, policy: MissingReadingPolicy) {
        self.quantity = quantity
        self.policy = policy
    }

    init?(of meter: BilledMeter, _ register: Register, by tariff: Tariff, residents: Int) throws(ArithmeticError) {
        switch tariff.missingReadingPolicy {
        case .average:
            if let mean = try Self.mean(of: meter, register) {
                self.init(quantity: mean, policy: .average)
                return
            }
        case .previous:
            if meter.chargedLastMonth[register] > .zero {
                self.init(quantity: meter.chargedLastMonth[register], policy: .previous)
                return
            }
        case .norm:
            break
        case .skip:
            return nil
        }
        guard let norm = tariff.normQuantity else { return nil }
        self.init(quantity: try norm * Int64(max(1, residents)), policy: .norm)
    }

    /// Mean monthly consumption over the last three months with readings. A reading after a gap counts for all the
    /// months it covers; before the first one the meter stood at its initial value.
    private static func mean(of meter: BilledMeter, _ register: Register) throws(ArithmeticError) -> Quantity? {
        guard let last = meter.positions.first else { return nil }
        let considered = min(3, meter.positions.count)
        let start = meter.positions.count > considered ? meter.positions[considered] : nil
        let since = start?.period ?? meter.installedIn
        let months = max(considered, since.map { last.period.months(since: $0) } ?? considered)
        let used = try last.values[register] - (start?.values[register] ?? meter.initial[register])
        return max(.zero, try used.divided(by: Int64(months)))
    }
}
