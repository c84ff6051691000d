import Postgres
import Service
import Values

/// The door of units.
struct Units: Sendable {
    let database: Database
    let condos: Condos
    let people: People
    let trail: Trail
    let clock: Clock
    private let byID: Batcher<ID<Unit>, Unit>
    private let byPrefix: Batcher<PrefixSearch, PrefixRow>

    init(database: Database, condos: Condos, people: People, trail: Trail, clock: Clock) {
        self.database = database
        self.condos = condos
        self.people = people
        self.trail = trail
        self.clock = clock
        byID = Batcher(database) { UnitQueries.each($0) }
        byPrefix = Batcher(database) { UnitQueries.each($0) }
    }

    func page(_ filter: UnitFilter, _ page: PageRequest, for caller: Caller) async throws -> Page<Unit> {
        let own = try caller.coverage(.unitsRead)
        let owners = try caller.coverage(.unitOwnersRead)
        let units = try await database.all(UnitQueries.list(filter, within: own, owners: owners, page))
        return Page(
            units.map { $0.shown(to: caller) },
            total: try await database.one(UnitQueries.count(filter, within: own, owners: owners)))
    }

    /// With a condo and something that begins like a number, a range of an index; otherwise by trigrams.
    func search(_ filter: UnitSearch, for caller: Caller) async throws -> [FoundUnit] {
        let text = TextSearch(filter.q)
        let own = try caller.coverage(.unitsRead)
        if let condo = filter.condoId, filter.q.utf8.first.map({ (48...57).contains($0) }) == true {
            let search = PrefixSearch(text: text, condo: condo, own: own)
            if own.denied != nil { return try await database.all(UnitQueries.one(search)) }
            let rows = try await byPrefix.all(search)
            // No row at all when there is no such condo.
            guard let name = rows.lazy.compactMap(\.condoName).first else { return [] }
            let found = CondoRef(id: condo, name: name)
            return rows.compactMap { FoundUnit($0, in: found) }
        }
        let owners = try caller.coverage(.unitOwnersRead)
        return try await database.all(
            UnitQueries.search(text, in: filter.condoId, within: own, owners: owners))
    }

    func one(_ id: ID<Unit>, for caller: Caller) async throws -> Unit {
        guard var found = try await byID.first(id) else { throw HouseProblem.notFound.problem }
        let path = found.path
        try caller.require(.unitsRead, on: path)
        found.hide(from: caller, on: path)
        return found
    }

    /// The unit for something that is done to it or read of it: 404 for who may not see the unit, 403 for who may.
    func see(_ id: ID<Unit>, for caller: Caller, to permission: Permission) async throws -> Unit {
        let unit = try await plain(id)
        try caller.require(permission, seeing: .unitsRead, on: unit.path)
        return unit
    }

    func find(_ id: ID<Unit>) async throws -> Unit? { try await database.first(UnitQueries.plain(id)) }

    /// For those whose right has been decided on something else.
    func plain(_ id: ID<Unit>) async throws -> Unit {
        guard let unit = try await database.first(UnitQueries.plain(id)) else { throw HouseProblem.notFound.problem }
        return unit
    }

    func create(_ body: NewUnit, by author: Author) async throws -> Unit {
        let condo = try await condos.see(body.condoId, for: author.caller, to: .structureManage).item
        let draft = body.draft
        let id = ID<Unit>.new()
        return try await database.changing(refusing: Self.refusals) {
            try await condos.hold(condo.id)
            try await database.write(UnitQueries.holdPlaces(draft, in: condo.id))
            try await check(draft, in: condo.id)
            try await database.execute(UnitQueries.insert(id, draft, in: condo.id))
            await trail.record("unit_created", "unit", id.description, new: try await lock(id), in: .unit(id), by: author)
            return try await one(id, for: author.caller)
        }
    }

    func change(_ id: ID<Unit>, _ body: UnitBody, by author: Author) async throws -> Unit {
        let seen = try await see(id, for: author.caller, to: .structureManage)
        return try await database.changing(refusing: Self.refusals) {
            var draft = UnitDraft(seen)
            body.apply(to: &draft)
            try await database.write(UnitQueries.holdPlaces(draft, in: seen.condoId))
            let old = try await lock(id)
            try await author.caller.checkMatch()
            draft = UnitDraft(old)
            body.apply(to: &draft)
            try await check(draft, in: old.condoId)
            try await database.execute(UnitQueries.save(id, draft, in: old.condoId))
            let new = try await lock(id)
            await trail.record("unit_changed", "unit", id.description, from: old, to: new, in: .unit(id), by: author)
            return try await one(id, for: author.caller)
        }
    }

    func delete(_ id: ID<Unit>, by author: Author) async throws {
        _ = try await see(id, for: author.caller, to: .structureManage)
        try await database.changing {
            let unit = try await lock(id)
            try await author.caller.checkMatch()
            try await people.close(.unit(id), at: clock.now(), by: author)
            await trail.record("unit_deleted", "unit", id.description, old: unit, in: .condo(unit.condoId), by: author)
        }
    }

    /// The unit stays until what is added to it is there; 404 when it has gone.
    func hold(_ id: ID<Unit>) async throws {
        guard try await database.first(UnitQueries.hold(id)) != nil else { throw HouseProblem.notFound.problem }
    }

    private func lock(_ id: ID<Unit>) async throws -> Unit {
        guard let unit = try await database.first(UnitQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        return unit
    }

    /// House and entrance stand in the unit's condo, and its type is one of the condo's or the system's.
    private func check(_ draft: UnitDraft, in condo: ID<Condo>) async throws {
        guard let fit = try await database.first(UnitQueries.fit(draft, in: condo)) else {
            throw HouseProblem.notFound.problem
        }
        var errors: [FieldError] = []
        if !fit.isBuilding {
            errors.append(FieldError(field: "buildingId", code: "elsewhere", message: "The condo has no such house."))
        }
        if !fit.isEntrance {
            errors.append(FieldError(field: "entranceId", code: "elsewhere", message: "The house has no such entrance."))
        }
        if !fit.isType {
            errors.append(FieldError(field: "typeCode", code: "unknown", message: "The condo has no such type of unit."))
        }
        if !errors.isEmpty { throw InvalidInput(errors) }
    }

    private static let refusals = ["units_number": UnitProblem.unitExists.on("number")]
}
