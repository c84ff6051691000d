import Postgres
import Service
import Values

/// The door of entrances.
struct Entrances: Sendable {
    let database: Database
    let buildings: Buildings
    let people: People
    let trail: Trail
    let clock: Clock

    func page(_ building: ID<Building>, _ page: PageRequest, for caller: Caller) async throws -> Page<Entrance> {
        let house = try await buildings.one(building, for: caller)
        let own = try caller.coverage(.condosRead)
        return try await Page(
            EntranceQueries.list(building, for: own, page), beyondTheEnd: EntranceQueries.count(building), of: page,
            from: database
        ) { $0.shown(to: caller, on: [.condo(house.condoId), .company(house.companyId)]) }
    }

    func one(_ id: ID<Entrance>, for caller: Caller) async throws -> Entrance {
        let seen = try await see(id, for: caller)
        return seen.item.shown(to: caller, on: seen.path)
    }

    private func see(_ id: ID<Entrance>, for caller: Caller) async throws -> Seen<EntranceAtHome> {
        let own = try caller.sight(.condosRead)
        guard let seen = try await database.first(EntranceQueries.one(id, for: own)) else {
            throw HouseProblem.notFound.problem
        }
        try caller.require(.condosRead, on: seen.path)
        return seen
    }

    func create(_ body: NewEntrance, by author: Author) async throws -> Entrance {
        let seen = try await buildings.see(body.buildingId, for: author.caller)
        try author.caller.require(.structureManage, seeing: .condosRead, on: seen.path)
        let house = seen.item
        let entrance = body.entrance(in: house, at: clock.now())
        return try await database.changing(refusing: Self.refusals) {
            try await database.execute(EntranceQueries.insert(entrance))
            await trail.record(
                "entrance_created", "entrance", entrance.id.description, new: entrance, in: .condo(house.condoId), by: author)
            return entrance
        }
    }

    func change(_ id: ID<Entrance>, _ body: EntranceBody, by author: Author) async throws -> Entrance {
        let seen = try await see(id, for: author.caller)
        try author.caller.require(.structureManage, seeing: .condosRead, on: seen.path)
        return try await database.changing(refusing: Self.refusals) {
            let old = try await lock(id)
            try await author.caller.checkMatch()
            var entrance = old
            body.apply(to: &entrance)
            entrance.updatedAt = clock.now()
            try await database.execute(EntranceQueries.save(entrance))
            await trail.record(
                "entrance_changed", "entrance", id.description, from: old, to: entrance, in: .condo(old.condoId),
                by: author)
            return entrance
        }
    }

    func delete(_ id: ID<Entrance>, by author: Author) async throws {
        let seen = try await see(id, for: author.caller)
        try author.caller.require(.structureManage, seeing: .condosRead, on: seen.path)
        try await database.changing {
            let entrance = try await lock(id)
            try await author.caller.checkMatch()
            try await people.close(Scope("entrance", id.uuid), at: clock.now(), by: author)
            await trail.record(
                "entrance_deleted", "entrance", id.description, old: entrance, in: .condo(entrance.condoId), by: author)
        }
    }

    private func lock(_ id: ID<Entrance>) async throws -> Entrance {
        guard let entrance = try await database.first(EntranceQueries.lock(id)) else {
            throw HouseProblem.notFound.problem
        }
        return entrance
    }

    private static let refusals = ["entrances_number": CondoProblem.entranceExists.on("number")]
}

extension EntranceAtHome {
    /// The intercom's code is for the team and for those who live there.
    func shown(to caller: Caller, on path: ScopePath) -> Entrance {
        var entrance = entrance
        entrance.showsIntercom = isHome || caller.can(.condoDetailsRead, on: path)
        if !entrance.showsIntercom { entrance.intercomCode = nil }
        return entrance
    }
}
