import Files
import Postgres
import Service
import Values

/// The door of condos.
struct Condos: Sendable {
    let database: Database
    let companies: Companies
    let people: People
    let image: Picture
    let trail: Trail
    let clock: Clock

    func page(_ filter: CondoFilter, _ page: PageRequest, for caller: Caller) async throws -> Page<CondoView> {
        let own = try caller.coverage(.condosRead)
        return try await Page(
            CondoQueries.list(filter, within: own, page), beyondTheEnd: CondoQueries.count(filter, within: own), of: page,
            from: database
        ) { CondoView($0.item, for: caller, on: $0.path) }
    }

    func one(_ id: ID<Condo>, for caller: Caller) async throws -> CondoView {
        let seen = try await see(id, for: caller)
        var condo = seen.item
        condo.buildings = try await database.all(BuildingQueries.all(of: id))
        return CondoView(condo, for: caller, on: seen.path)
    }

    /// The condo when the caller may read it, with the path of his rights on it; 404 otherwise.
    func see(_ id: ID<Condo>, for caller: Caller) async throws -> Seen<Condo> {
        let own = try caller.sight(.condosRead)
        guard let seen = try await database.first(CondoQueries.one(id, for: own)) else {
            throw HouseProblem.notFound.problem
        }
        try caller.require(.condosRead, on: seen.path)
        return seen
    }

    /// The condo for a change: 404 for who may not see it, 403 for who may but not do this.
    func see(_ id: ID<Condo>, for caller: Caller, to permission: Permission) async throws -> Seen<Condo> {
        let seen = try await see(id, for: caller)
        try caller.require(permission, seeing: .condosRead, on: seen.path)
        return seen
    }

    func create(_ body: NewCondo, by author: Author) async throws -> CondoView {
        let company = try companyOf(body, for: author.caller)
        try await companies.check(.condosManage, on: company, for: author.caller)
        let draft = body.draft()
        let id = ID<Condo>.new()
        let now = clock.now()
        return try await database.changing(refusing: Self.refusals) {
            guard try await database.first(CompanyQueries.lock(company)) != nil else {
                throw HouseProblem.notFound.problem
            }
            try await check(draft)
            try await image.replace(nil, by: draft.imageFileId, of: Self.object(id), by: author)
            try await database.execute(CondoQueries.insert(id, draft, of: company, at: now))
            try await database.write(body.structure(in: id, of: company, at: now))
            try await people.appoint(CondoRoles.administrator, draft.adminEmail, draft.adminName, on: .condo(id), by: author)
            await trail.record(
                "condo_created", "condo", id.description, new: CondoView(try await lock(id)), in: .condo(id), by: author)
            return try await view(id, for: author.caller)
        }
    }

    func change(_ id: ID<Condo>, _ body: CondoBody, by author: Author) async throws -> CondoView {
        _ = try await see(id, for: author.caller, to: .structureManage)
        return try await database.changing(refusing: Self.refusals) {
            let old = try await lock(id)
            try await author.caller.checkMatch()
            var condo = old
            body.apply(to: &condo.draft)
            try await check(condo.draft)
            try await image.replace(old.draft.imageFileId, by: condo.draft.imageFileId, of: Self.object(id), by: author)
            try await database.execute(CondoQueries.save(id, condo.draft, at: clock.now()))
            await trail.record(
                "condo_changed", "condo", id.description, from: CondoView(old), to: CondoView(condo), in: .condo(id),
                by: author)
            return try await view(id, for: author.caller)
        }
    }

    private static func object(_ id: ID<Condo>) -> FileObject { FileObject(type: "condo", id: id.uuid) }

    func delete(_ id: ID<Condo>, by author: Author) async throws {
        _ = try await see(id, for: author.caller, to: .condosManage)
        try await database.changing {
            let condo = try await lock(id)
            try await author.caller.checkMatch()
            try await people.close(.condo(id), at: clock.now(), by: author)
            await trail.record(
                "condo_deleted", "condo", id.description, old: CondoView(condo), in: .condo(id), by: author)
        }
    }

    func structure(_ id: ID<Condo>, for caller: Caller) async throws -> CondoStructure {
        _ = try await see(id, for: caller)
        async let buildings = database.all(BuildingQueries.all(of: id))
        async let entrances = database.all(EntranceQueries.all(of: id))
        async let units = database.all(UnitQueries.all(of: id))
        return try await CondoStructure(buildings, entrances, units)
    }

    func stats(_ id: ID<Condo>, for caller: Caller) async throws -> FiguresView {
        _ = try await see(id, for: caller, to: .billingRead)
        guard let figures = try await database.first(FigureQueries.ofCondo(id, at: clock.now())) else {
            throw HouseProblem.notFound.problem
        }
        return FiguresView(figures, isOfCompany: false)
    }

    /// A director of one company need not name it.
    private func companyOf(_ body: NewCondo, for caller: Caller) throws -> ID<Company> {
        if let company = body.companyId { return company }
        let own = Coverage(try caller.reach(.condosManage))
        guard own.companies.count == 1, !own.isEverything else {
            throw InvalidInput(field: "companyId", code: "required", message: "Name the company.")
        }
        return own.companies[0]
    }

    /// The condo stays until what is added to it is there; 404 when it has gone.
    func hold(_ id: ID<Condo>) async throws {
        guard try await database.first(CondoQueries.hold(id)) != nil else { throw HouseProblem.notFound.problem }
    }

    private func lock(_ id: ID<Condo>) async throws -> Condo {
        guard let condo = try await database.first(CondoQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        return condo
    }

    private func view(_ id: ID<Condo>, for caller: Caller) async throws -> CondoView {
        var condo = try await lock(id)
        condo.buildings = try await database.all(BuildingQueries.all(of: id))
        return CondoView(condo, for: caller, on: condo.path)
    }

    private func check(_ draft: CondoDraft) async throws {
        guard let zone = draft.timezone else { return }
        guard try await database.one(Statement<Bool>.isTimeZone(zone)) else {
            throw InvalidInput(field: "timezone", code: "unknown", message: "There is no such time zone.")
        }
    }

    private static let refusals = ["condos_name": CondoProblem.condoExists.on("name")]
}
