import Postgres
import Service
import Values

/// The door of meters.
struct Meters: Sendable {
    let database: Database
    let units: Units
    let trail: Trail
    let clock: Clock

    func ofUnit(_ unit: ID<Unit>, _ filter: MeterFilter, for caller: Caller) async throws -> [Meter] {
        _ = try await units.see(unit, for: caller, to: .metersRead)
        return try await database.all(MeterQueries.ofUnit(unit, isActive: filter.isActive))
    }

    func one(_ id: ID<Meter>, for caller: Caller) async throws -> Meter {
        guard let meter = try await database.first(MeterQueries.one(id)) else { throw HouseProblem.notFound.problem }
        try caller.require(.metersRead, on: meter.path)
        return meter
    }

    func create(_ body: NewMeter, in unit: ID<Unit>, by author: Author) async throws -> Meter {
        let unit = try await units.see(unit, for: author.caller, to: .metersManage)
        guard let type = try await database.first(MeterTypeQueries.named(body.typeCode, for: unit.id)) else {
            throw InvalidInput(field: "typeCode", code: "unknown", message: "There is no such type of meter here.")
        }
        let meter = try body.meter(of: type, in: unit, at: clock.now())
        return try await database.changing(refusing: Self.refusals) {
            try await units.hold(unit.id)
            try await database.execute(MeterQueries.insert(meter))
            await trail.record("meter_created", "meter", meter.id.description, new: meter, in: .unit(unit.id), by: author)
            return meter
        }
    }

    func change(_ id: ID<Meter>, _ body: MeterBody, by author: Author) async throws -> Meter {
        let seen = try await one(id, for: author.caller)
        try author.caller.require(.metersManage, seeing: .metersRead, on: seen.path)
        return try await database.changing(refusing: Self.refusals) {
            let old = try await lock(id)
            try await author.caller.checkMatch()
            if body.touchesInitialValues, try await database.one(MeterQueries.hasReadings(id)) {
                throw MeterProblem.hasReadings
            }
            var meter = old
            try body.apply(to: &meter)
            meter.updatedAt = clock.now()
            try await database.execute(MeterQueries.save(meter))
            await trail.record("meter_changed", "meter", id.description, from: old, to: meter, in: .unit(old.unitId), by: author)
            return meter
        }
    }

    /// Out of service and out of sight; its readings stay.
    func delete(_ id: ID<Meter>, by author: Author) async throws {
        let seen = try await one(id, for: author.caller)
        try author.caller.require(.metersManage, seeing: .metersRead, on: seen.path)
        try await database.changing {
            let meter = try await lock(id)
            try await author.caller.checkMatch()
            try await database.execute(MeterQueries.delete(id, at: clock.now()))
            await trail.record("meter_deleted", "meter", id.description, old: meter, in: .unit(seen.unitId), by: author)
        }
    }

    private func lock(_ id: ID<Meter>) async throws -> Meter {
        guard let meter = try await database.first(MeterQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        return meter
    }

    private static let refusals = ["meters_serial_number": MeterProblem.serialTaken.on("serialNumber")]
}
