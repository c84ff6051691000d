import Values

/// Which of the tariffs in force apply to one unit.
///
/// A price made for the unit's type goes before one for all types of the same code, and one made for a zone before one
/// for all zones. A register is charged once: a second code on the same meter type is reported, not charged.
struct TariffChoice {
    private(set) var withoutMeters: [Tariff] = []
    private(set) var conflicts: [Tariff] = []
    private var metered: [String: [Tariff]] = [:]

    init(_ inForce: [Tariff], for unit: BilledUnit) {
        let fitting = inForce.filter { $0.unitTypeCode == nil || $0.unitTypeCode == unit.typeCode }
        let own = fitting.filter { tariff in
            tariff.unitTypeCode != nil
                || !fitting.contains {
                    $0.unitTypeCode != nil && $0.code == tariff.code && $0.zone == tariff.zone
                }
        }
        for tariff in own.sorted(by: { ($0.code, $0.zone ?? "") < ($1.code, $1.zone ?? "") }) {
            guard let type = tariff.meterTypeCode else {
                withoutMeters.append(tariff)
                continue
            }
            let before = metered[type] ?? []
            if before.contains(where: { $0.zone == tariff.zone }) {
                if unit.meters.contains(where: { $0.typeCode == type }) { conflicts.append(tariff) }
            } else {
                metered[type] = before + [tariff]
            }
        }
    }

    func tariff(for meter: BilledMeter, _ register: Register) -> Tariff? {
        let candidates = metered[meter.typeCode] ?? []
        return candidates.first { $0.zone != nil && $0.zone == register.name } ?? candidates.first { $0.zone == nil }
    }
}
