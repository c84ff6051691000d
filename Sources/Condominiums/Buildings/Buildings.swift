import Postgres
import Service
import Values

/// The door of houses.
struct Buildings: Sendable {
    let database: Database
    let condos: Condos
    let people: People
    let trail: Trail
    let clock: Clock

    func page(_ condo: ID<Condo>, _ page: PageRequest, for caller: Caller) async throws -> Page<Building> {
        _ = try await condos.see(condo, for: caller)
        return try await Page(
            BuildingQueries.list(condo, page), beyondTheEnd: BuildingQueries.count(condo), of: page, from: database
        ) { $0 }
    }

    func one(_ id: ID<Building>, for caller: Caller) async throws -> Building {
        try await see(id, for: caller).item
    }

    /// The house when the caller may read its condo, with the path of his rights on it.
    func see(_ id: ID<Building>, for caller: Caller) async throws -> Seen<Building> {
        let own = try caller.sight(.condosRead)
        guard let seen = try await database.first(BuildingQueries.one(id, for: own)) else {
            throw HouseProblem.notFound.problem
        }
        try caller.require(.condosRead, on: seen.path)
        return seen
    }

    func create(_ body: NewBuilding, by author: Author) async throws -> Building {
        let condo = try await condos.see(body.condoId, for: author.caller, to: .structureManage).item
        let building = body.building(in: condo, at: clock.now())
        return try await database.changing(refusing: Self.refusals) {
            try await condos.hold(condo.id)
            try await database.execute(BuildingQueries.insert(building))
            await trail.record(
                "building_created", "building", building.id.description, new: building, in: .condo(condo.id), by: author)
            return building
        }
    }

    func change(_ id: ID<Building>, _ body: BuildingBody, by author: Author) async throws -> Building {
        let seen = try await see(id, for: author.caller)
        try author.caller.require(.structureManage, seeing: .condosRead, on: seen.path)
        return try await database.changing(refusing: Self.refusals) {
            let old = try await lock(id)
            try await author.caller.checkMatch()
            var building = old
            body.apply(to: &building)
            building.updatedAt = clock.now()
            try await database.execute(BuildingQueries.save(building))
            await trail.record(
                "building_changed", "building", id.description, from: old, to: building, in: .condo(old.condoId),
                by: author)
            return building
        }
    }

    func delete(_ id: ID<Building>, by author: Author) async throws {
        let seen = try await see(id, for: author.caller)
        try author.caller.require(.structureManage, seeing: .condosRead, on: seen.path)
        try await database.changing {
            let building = try await lock(id)
            try await author.caller.checkMatch()
            try await people.close(Scope("building", id.uuid), at: clock.now(), by: author)
            await trail.record(
                "building_deleted", "building", id.description, old: building, in: .condo(building.condoId), by: author)
        }
    }

    private func lock(_ id: ID<Building>) async throws -> Building {
        guard let building = try await database.first(BuildingQueries.lock(id)) else {
            throw HouseProblem.notFound.problem
        }
        return building
    }

    private static let refusals = ["buildings_number": CondoProblem.buildingExists.on("number")]
}
