import Postgres
import Service
import Values

/// The door of a condo's unit types.
struct UnitTypes: Sendable {
    let database: Database
    let condos: Condos
    let trail: Trail
    let clock: Clock

    func all(of condo: ID<Condo>, for caller: Caller) async throws -> [UnitType] {
        _ = try await condos.see(condo, for: caller)
        return try await database.all(UnitTypeQueries.list(condo))
    }

    func create(_ body: NewUnitType, in condo: ID<Condo>, by author: Author) async throws -> UnitType {
        _ = try await condos.see(condo, for: author.caller, to: .structureManage)
        let now = clock.now()
        let type = UnitType(
            id: .new(), createdAt: now, updatedAt: now, condoId: condo, code: body.code, name: body.name)
        return try await database.changing(refusing: Self.refusals) {
            try await database.execute(UnitTypeQueries.insert(type))
            await trail.record(
                "unit_type_created", "unit_type", type.id.description, new: type, in: .condo(condo), by: author)
            return type
        }
    }

    func change(
        _ id: ID<UnitType>, of condo: ID<Condo>, _ body: UnitTypeBody, by author: Author
    ) async throws -> UnitType {
        _ = try await condos.see(condo, for: author.caller, to: .structureManage)
        return try await database.changing(refusing: Self.refusals) {
            let old = try await lock(id, of: condo)
            var type = old
            body.apply(to: &type)
            if type.code != old.code, try await database.one(UnitTypeQueries.isPriced(old)) { throw UnitTypeProblem.typeInUse }
            type.updatedAt = clock.now()
            try await database.execute(UnitTypeQueries.save(type))
            await trail.record(
                "unit_type_changed", "unit_type", id.description, from: old, to: type, in: .condo(condo), by: author)
            return type
        }
    }

    func delete(_ id: ID<UnitType>, of condo: ID<Condo>, by author: Author) async throws {
        _ = try await condos.see(condo, for: author.caller, to: .structureManage)
        try await database.changing {
            let type = try await lock(id, of: condo)
            guard try await database.execute(UnitTypeQueries.delete(id, at: clock.now())) == 1 else {
                throw UnitTypeProblem.typeInUse
            }
            await trail.record(
                "unit_type_deleted", "unit_type", id.description, old: type, in: .condo(condo), by: author)
        }
    }

    /// A type for a change: the system's are nobody's to change here.
    private func lock(_ id: ID<UnitType>, of condo: ID<Condo>) async throws -> UnitType {
        guard let type = try await database.first(UnitTypeQueries.lock(id, in: condo)) else {
            throw HouseProblem.notFound.problem
        }
        if type.isSystem { throw HouseProblem.forbidden.problem }
        return type
    }

    private static let refusals = ["unit_types_code": UnitTypeProblem.codeTaken.on("code")]
}
