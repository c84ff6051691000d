import Values

extension BilledUnit {
    /// Puts the three answers together: the unit, the registers of its meters, and by meter where it stood.
    init(_ unit: UnitFacts, _ registers: [RegisterFacts], _ positions: [ID<Meter>: [PositionFacts]]) {
        var meters: [BilledMeter] = []
        for facts in registers {
            if meters.last?.id != facts.meter {
                meters.append(BilledMeter(facts, positions[facts.meter] ?? []))
            }
            meters[meters.count - 1].add(facts)
        }
        self.init(
            id: unit.id, number: unit.number, typeCode: unit.typeCode, area: unit.area,
            activeResidents: unit.activeResidents, meters: meters)
    }
}

extension BilledMeter {
    fileprivate init(_ facts: RegisterFacts, _ positions: [PositionFacts]) {
        self.init(
            id: facts.meter, isInUse: facts.isInUse, typeCode: facts.typeCode, serialNumber: facts.serialNumber, zones: [], initial: [:],
            installedIn: facts.installedOn?.period, positions: positions.map(MonthPosition.init), charged: [:],
            chargedLastMonth: [:])
    }

    fileprivate mutating func add(_ facts: RegisterFacts) {
        let register = facts.zone.map(Register.zone) ?? .whole
        if let zone = facts.zone { zones.append(zone) }
        initial[register] = facts.initial
        charged[register] = facts.charged
        chargedLastMonth[register] = facts.chargedLastMonth
    }
}

extension MonthPosition {
    fileprivate init(_ facts: PositionFacts) {
        let zones = facts.zoneValues?.values.map { (Register.zone($0.zone), $0.value) } ?? []
        self.init(
            reading: facts.reading, period: facts.period,
            values: RegisterValues([(.whole, facts.value)] + zones))
    }
}

extension MeterCharge.Basis {
    var reading: ID<Reading>? {
        if case .reading(let id) = self { id } else { nil }
    }

    var policy: MissingReadingPolicy? {
        if case .estimate(let policy) = self { policy } else { nil }
    }
}
