import Values

/// The lines of one unit's monthly invoice, and what stood in the way of others: spec 4.5, rules 1 to 4.
///
/// Pure and exact: quantities have three decimals, prices six, and each line is rounded once, half up, to the minor unit.
struct UnitCharges: Sendable {
    let period: Period
    let currency: Currency
    private(set) var lines: [ChargeLine] = []
    private(set) var problems: [BillingProblem] = []

    init(
        of unit: BilledUnit, by tariffs: [Tariff], in period: Period, currency: Currency
    ) throws(ArithmeticError) {
        self.period = period
        self.currency = currency
        let own = TariffChoice(tariffs, for: unit)
        for tariff in own.withoutMeters { try charge(unit, by: tariff) }
        for meter in unit.meters {
            for register in meter.registers {
                guard let tariff = own.tariff(for: meter, register) else { continue }
                try charge(unit, meter, register, by: tariff)
            }
        }
        problems += own.conflicts.map { BillingProblem(unit: unit.id, code: .tariffConflict, subject: $0.code) }
    }

    var total: Money {
        get throws(ArithmeticError) { try lines.map(\.amount).sum(in: currency) }
    }

    private mutating func charge(_ unit: BilledUnit, by tariff: Tariff) throws(ArithmeticError) {
        let quantity: Quantity
        switch tariff.kind {
        case .fixed:
            quantity = 1
        case .areaBased:
            guard let area = unit.area else {
                problems.append(BillingProblem(unit: unit.id, code: .noArea, subject: tariff.code))
                return
            }
            quantity = try area.rounded()
        case .meterBased:
            return
        }
        lines.append(
            ChargeLine(
                tariff: tariff, quantity: quantity, amount: try quantity.times(tariff.price, in: currency),
                description: tariff.name))
    }

    private mutating func charge(
        _ unit: BilledUnit, _ meter: BilledMeter, _ register: Register, by tariff: Tariff
    ) throws(ArithmeticError) {
        let position = try meter.initial[register] + meter.charged[register]
        let zone = register.name.flatMap { tariff.names($0) ? nil : $0 }
        let label = [tariff.name, zone, meter.serialNumber].compactMap(\.self).joined(separator: ", ")
        // The last reading of a meter that is out is as good in every later month: none will follow it.
        guard let latest = meter.positions.first, latest.period == period || !meter.isInUse else {
            try estimate(unit, meter, register, by: tariff, from: position, label: label)
            return
        }
        let quantity = max(.zero, try latest.values[register] - position)
        // Estimates may have run ahead of the meter: nothing is charged until the meter has caught up.
        guard quantity > .zero else { return }
        lines.append(
            ChargeLine(
                tariff: tariff, quantity: quantity, amount: try quantity.times(tariff.price, in: currency),
                description: "\(label): \(position) – \(latest.values[register])",
                charge: MeterCharge(meter: meter.id, register: register, basis: .reading(latest.reading))))
    }

    private mutating func estimate(
        _ unit: BilledUnit, _ meter: BilledMeter, _ register: Register, by tariff: Tariff,
        from position: Quantity, label: String
    ) throws(ArithmeticError) {
        guard meter.isInUse, tariff.missingReadingPolicy != .skip else { return }
        let estimate = try ConsumptionEstimate(of: meter, register, by: tariff, residents: unit.activeResidents)
        guard let estimate else {
            problems.append(BillingProblem(unit: unit.id, code: .noReading, subject: meter.serialNumber ?? meter.typeCode))
            return
        }
        guard estimate.quantity > .zero else { return }
        lines.append(
            ChargeLine(
                tariff: tariff, quantity: estimate.quantity,
                amount: try estimate.quantity.times(tariff.price, in: currency),
                description: "\(label): estimate from \(position)",
                charge: MeterCharge(meter: meter.id, register: register, basis: .estimate(estimate.policy))))
    }
}

extension Tariff {
    /// Whether a zone is a word of the name already, as in "Electricity, day".
    fileprivate func names(_ zone: String) -> Bool {
        let words = name.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "-" }
        return words.contains(Substring(zone.lowercased()))
    }
}
