import JSON
import Values

extension Meter: WireOutput {
    static let shape = Shape<Meter>(
        output: "Meter",
        Field("id", { $0.id }),
        Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }),
        Field("unitId", { $0.unitId }),
        Field("type", { $0.type }),
        Field("serialNumber", { $0.serialNumber }),
        Field("installationDate", { $0.installationDate }),
        Field("lastVerificationDate", { $0.lastVerificationDate }),
        Field("nextVerificationDate", { $0.nextVerificationDate }),
        Field("initialReading", { $0.initialReading }),
        Field("initialZoneValues", { $0.initialZoneValues }),
        Field("lastReading", { $0.lastReading }),
        Field("lastReadingDate", { $0.lastReadingDate }),
        Field("isActive", { $0.isActive }))
}

extension MeterKind: WireOutput {
    static let shape = Shape<MeterKind>(
        output: "MeterKind",
        Field("id", { $0.id }),
        Field("code", { $0.code }),
        Field("name", { $0.name }),
        Field("unit", { $0.unit }),
        Field("zones", { $0.zones }),
        Field("icon", { $0.icon }))
}

/// A meter to be.
struct NewMeter: Shaped {
    let typeCode: String
    let serialNumber: String?
    let installationDate: Day?
    let lastVerificationDate: Day?
    let nextVerificationDate: Day?
    let initialReading: Quantity?
    let initialZoneValues: ZoneValues?
    let isActive: Bool

    static let shape = Shape(
        "NewMeter", NewMeter.init,
        Field("typeCode", { $0.typeCode }, .length(1...50)),
        Field("serialNumber", { $0.serialNumber }, .length(1...50)),
        Field("installationDate", { $0.installationDate }),
        Field("lastVerificationDate", { $0.lastVerificationDate }),
        Field("nextVerificationDate", { $0.nextVerificationDate }),
        Field("initialReading", { $0.initialReading }, .range(0...Reading.largest)),
        Field("initialZoneValues", { $0.initialZoneValues }),
        Field("isActive", { $0.isActive }, default: { true }))

    func meter(of type: MeterType, in unit: Unit, at moment: Instant) throws -> Meter {
        var meter = Meter(
            id: .new(), createdAt: moment, updatedAt: moment, unitId: unit.id, condoId: unit.condoId,
            companyId: unit.companyId,
            type: MeterKind(
                id: type.id, code: type.code, name: type.name, unit: type.unit, zones: type.zones, icon: type.icon),
            serialNumber: serialNumber, installationDate: installationDate, lastVerificationDate: lastVerificationDate,
            nextVerificationDate: nextVerificationDate, initialReading: .zero, initialZoneValues: nil, lastReading: nil,
            lastReadingDate: nil, isActive: isActive)
        try meter.begin(at: initialReading, zones: initialZoneValues)
        return meter
    }
}

/// A change of a meter.
struct MeterBody: Shaped {
    let serialNumber: Patch<String?>
    let installationDate: Patch<Day?>
    let lastVerificationDate: Patch<Day?>
    let nextVerificationDate: Patch<Day?>
    let initialReading: Patch<Quantity>
    let initialZoneValues: Patch<ZoneValues>
    let isActive: Patch<Bool>

    static let shape = Shape(
        "MeterChange", MeterBody.init,
        Field("serialNumber", { $0.serialNumber }, .length(1...50)),
        Field("installationDate", { $0.installationDate }),
        Field("lastVerificationDate", { $0.lastVerificationDate }),
        Field("nextVerificationDate", { $0.nextVerificationDate }),
        Field("initialReading", { $0.initialReading }, .range(0...Reading.largest)),
        Field("initialZoneValues", { $0.initialZoneValues }),
        Field("isActive", { $0.isActive }))

    var touchesInitialValues: Bool { initialReading.isPresent || initialZoneValues.isPresent }

    func apply(to meter: inout Meter) throws {
        meter.serialNumber = serialNumber.value(or: meter.serialNumber)
        meter.installationDate = installationDate.value(or: meter.installationDate)
        meter.lastVerificationDate = lastVerificationDate.value(or: meter.lastVerificationDate)
        meter.nextVerificationDate = nextVerificationDate.value(or: meter.nextVerificationDate)
        meter.isActive = isActive.value(or: meter.isActive)
        if touchesInitialValues { try meter.begin(at: initialReading.value, zones: initialZoneValues.value) }
    }
}

extension Meter {
    /// Where it stood when it was put in. A meter with zones begins with a value for each, whose sum is the whole.
    mutating func begin(at value: Quantity?, zones: ZoneValues?) throws {
        if type.zones.isEmpty {
            guard zones == nil else { throw ReadingProblem.zonesMismatch.on("initialZoneValues") }
            initialReading = value ?? .zero
            return
        }
        let zones = zones ?? ZoneValues(type.zones.map { (zone: $0, value: .zero) })
        guard zones.values.map(\.zone) == type.zones.sorted() else {
            throw ReadingProblem.zonesMismatch.on("initialZoneValues")
        }
        let sum = try zones.sum
        guard value == nil || value == sum else { throw ReadingProblem.sumMismatch.on("initialZoneValues") }
        initialReading = sum
        initialZoneValues = zones
    }
}

/// Which of a unit's meters.
struct MeterFilter: Shaped {
    let isActive: Bool?

    static let shape = Shape("MeterFilter", MeterFilter.init, Field("isActive", { $0.isActive }))
}
