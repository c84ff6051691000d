import Postgres
import Service
import Values

/// The door of meter types.
struct MeterTypes: Sendable {
    let database: Database
    let condos: Condos
    let companies: Companies
    let trail: Trail
    let clock: Clock

    func page(_ filter: MeterTypeFilter, _ page: PageRequest, for caller: Caller) async throws -> Page<MeterType> {
        if let condo = filter.condoId { _ = try await condos.see(condo, for: caller) }
        let own = try caller.coverage(.condosRead)
        return try await Page(
            MeterTypeQueries.list(condo: filter.condoId, within: own, page),
            beyondTheEnd: MeterTypeQueries.count(condo: filter.condoId, within: own), of: page, from: database
        ) { $0 }
    }

    func create(_ body: NewMeterType, by author: Author) async throws -> MeterType {
        let scope = try await scope(body, for: author.caller)
        let now = clock.now()
        let type = MeterType(
            id: .new(), createdAt: now, updatedAt: now, companyId: body.companyId, condoId: body.condoId, code: body.code,
            name: body.name, description: body.description, unit: body.unit, icon: body.icon, zones: body.zones,
            maxMonthlyIncrease: body.maxMonthlyIncrease)
        return try await database.changing(refusing: Self.refusals) {
            try await database.execute(MeterTypeQueries.insert(type))
            await trail.record("meter_type_created", "meter_type", type.id.description, new: type, in: scope, by: author)
            return type
        }
    }

    func change(_ id: ID<MeterType>, _ body: MeterTypeBody, by author: Author) async throws -> MeterType {
        let scope = try await see(id, for: author.caller)
        return try await database.changing {
            let old = try await lock(id)
            var type = old
            body.apply(to: &type)
            type.updatedAt = clock.now()
            try await database.execute(MeterTypeQueries.save(type))
            await trail.record("meter_type_changed", "meter_type", id.description, from: old, to: type, in: scope, by: author)
            return type
        }
    }

    func delete(_ id: ID<MeterType>, by author: Author) async throws {
        let scope = try await see(id, for: author.caller)
        try await database.changing {
            let type = try await lock(id)
            guard try await database.execute(MeterTypeQueries.delete(id, at: clock.now())) == 1 else {
                throw UnitTypeProblem.typeInUse
            }
            await trail.record("meter_type_deleted", "meter_type", id.description, old: type, in: scope, by: author)
        }
    }

    private func scope(_ body: NewMeterType, for caller: Caller) async throws -> Scope {
        if let condo = body.condoId {
            _ = try await condos.see(condo, for: caller, to: .metersManage)
            return .condo(condo)
        }
        guard let company = body.companyId else { throw HouseProblem.notFound.problem }
        try await companies.check(.metersManage, on: company, for: caller)
        return .company(company)
    }

    /// The type for a change: its scope. The system's are nobody's to change, and everybody's to see.
    private func see(_ id: ID<MeterType>, for caller: Caller) async throws -> Scope {
        guard let type = try await database.first(MeterTypeQueries.one(id)) else { throw HouseProblem.notFound.problem }
        if let condo = type.condoId {
            _ = try await condos.see(condo, for: caller, to: .metersManage)
            return .condo(condo)
        }
        guard let company = type.companyId else {
            _ = try caller.coverage(.metersManage)
            throw HouseProblem.forbidden.problem
        }
        try await companies.check(.metersManage, on: company, for: caller)
        return .company(company)
    }

    private func lock(_ id: ID<MeterType>) async throws -> MeterType {
        guard let type = try await database.first(MeterTypeQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        return type
    }

    private static let refusals = ["meter_types_code": UnitTypeProblem.codeTaken.on("code")]
}
