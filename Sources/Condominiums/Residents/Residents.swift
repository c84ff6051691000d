import Crypto
import Identity
import Postgres
import Service
import Values

/// The door of residents.
struct Residents: Sendable {
    let database: Database
    let units: Units
    let condos: Condos
    let people: People
    let residency: Residency
    let papers: Papers
    let trail: Trail
    let clock: Clock

    func page(_ filter: ResidentFilter, _ page: PageRequest, for caller: Caller) async throws -> Page<ResidentView> {
        let own = Coverage(try caller.reach(.residentsRead))
        let residents = try await database.all(ResidentQueries.list(filter, within: own, page))
        return Page(
            residents.map { ResidentView(resident: $0, passportNumber: papers.end(of: $0)) },
            total: try await database.one(ResidentQueries.count(filter, within: own)))
    }

    func ofUnit(_ unit: ID<Unit>, _ filter: IncludeInactive, for caller: Caller) async throws -> [HouseholdView] {
        let unit = try await units.see(unit, for: caller, to: .householdRead)
        let isOffice = caller.can(.residentsRead, on: unit.path)
        let rows = try await database.all(ResidentQueries.ofUnit(unit.id, includeInactive: filter.includeInactive))
        return rows.map { HouseholdView($0, isOffice: isOffice) }
    }

    /// Without those of blocked companies; who lives nowhere else is refused.
    func mine(_ filter: IncludeInactive, for caller: Caller) async throws -> [MyUnit] {
        let user = try caller.user()
        caller.decidedByOwnership()
        let units = try await database.all(
            ResidentQueries.unitsOf(user, includeInactive: filter.includeInactive, at: clock.now()))
        let open = units.filter { caller.refusal(on: $0.path) == nil }
        if open.isEmpty, let problem = units.first.flatMap({ caller.refusal(on: $0.path) }) { throw problem }
        return open
    }

    /// The person himself and the office.
    func one(_ id: ID<Resident>, for caller: Caller) async throws -> ResidentView {
        let resident = try await see(id, for: caller)
        let isManager = caller.can(.residentsManage, on: resident.path)
        return ResidentView(
            resident: resident, passportNumber: isManager ? papers.number(of: resident) : papers.end(of: resident))
    }

    func create(_ body: NewResident, by author: Author) async throws -> ResidentView {
        try check(body.moveInDate, "moveInDate")
        try check(body.birthDate, "birthDate")
        let path = try await path(of: body, for: author.caller)
        try refuseOwner(body.role, on: path, by: author)
        return try await database.changing(refusing: Residency.refusals) {
            let user = try await people.find(body, by: author.caller)
            let more: (inout Resident) -> Void = { resident in
                resident.moveInDate = body.moveInDate
                resident.birthDate = body.birthDate
                resident.sealedPassport = body.passportNumber.map(papers.seal)
            }
            let id: ID<Resident>
            if let unit = body.unitId {
                let home = try await residency.hold(user, movingTo: try await units.plain(unit))
                id = try await residency.moveIn(user, to: home, as: body.role, by: author.trail, more)
            } else if let condo = body.condoId {
                let condo = try await condos.see(condo, for: author.caller).item
                id = try await residency.wait(user, in: condo, as: body.role, by: author.trail, more)
            } else {
                throw HouseProblem.notFound.problem
            }
            let resident = try await database.one(ResidentQueries.one(id))
            await trail.record(
                "resident_created", "resident", id.description, new: trailed(resident), in: path.first, by: author)
            return try await one(id, for: author.caller)
        }
    }

    func change(_ id: ID<Resident>, _ body: ResidentBody, by author: Author) async throws -> ResidentView {
        let seen = try await see(id, for: author.caller)
        try author.caller.require(.residentsManage, seeing: .condosRead, on: seen.path)
        try check(body.moveInDate.value ?? nil, "moveInDate")
        try check(body.birthDate.value ?? nil, "birthDate")
        return try await database.changing(refusing: Residency.refusals) {
            if body.isActive.value(or: seen.isActive) { try await people.hold(seen.userId) }
            let old = try await lock(seen, movingTo: body.unitId.value)
            try await author.caller.checkMatch()
            var resident = old
            try await apply(body, to: &resident)
            if body.moveOutDate.isPresent { try checkMoveOut(of: resident, "moveOutDate") }
            if resident.isNewOwner(since: old) { try refuseOwner(.owner, on: resident.path, by: author) }
            try await database.execute(ResidentQueries.save(resident))
            try await residency.withdraw(old, by: author.trail)
            try await residency.give(resident, by: author.trail)
            await trail.record(
                "resident_changed", "resident", id.description,
                from: trailed(old), to: trailed(resident), in: .condo(old.condoId), by: author)
            return try await one(id, for: author.caller)
        }
    }

    func delete(_ id: ID<Resident>, by author: Author) async throws {
        let seen = try await see(id, for: author.caller)
        try author.caller.require(.residentsManage, seeing: .condosRead, on: seen.path)
        try await database.changing {
            let resident = try await lock(seen)
            try await author.caller.checkMatch()
            try await database.execute(ResidentQueries.delete(id, at: clock.now()))
            try await residency.withdraw(resident, by: author.trail)
            await trail.record(
                "resident_deleted", "resident", id.description, old: trailed(resident), in: .condo(seen.condoId), by: author)
        }
    }

    /// Inactive from that day, and without the right at once; coming back is a new row.
    func moveOut(_ id: ID<Resident>, _ body: MoveOutBody, by author: Author) async throws -> ResidentView {
        let seen = try await see(id, for: author.caller)
        try author.caller.require(.residentsManage, seeing: .condosRead, on: seen.path)
        return try await database.changing(refusing: Residency.refusals) {
            let old = try await lock(seen)
            guard old.isActive else { throw ResidentProblem.alreadyMovedOut }
            var resident = old
            let today = try await database.first(BillingQueries.context(resident.condoId, at: clock.now()))?.today
            resident.isActive = false
            resident.moveOutDate = body.date ?? today
            try checkMoveOut(of: resident, "date")
            resident.updatedAt = clock.now()
            try await database.execute(ResidentQueries.save(resident))
            try await residency.withdraw(old, by: author.trail)
            await trail.record(
                "resident_moved_out", "resident", id.description, from: trailed(old), to: trailed(resident),
                in: .condo(seen.condoId), by: author)
            return try await one(id, for: author.caller)
        }
    }

    /// As the trail shows him: his passport by its end.
    private func trailed(_ resident: Resident) -> ResidentView {
        ResidentView(resident: resident, passportNumber: papers.end(of: resident))
    }

    private func see(_ id: ID<Resident>, for caller: Caller) async throws -> Resident {
        guard let resident = try await database.first(ResidentQueries.one(id)) else { throw HouseProblem.notFound.problem }
        if caller.userID == resident.userId {
            try caller.decidedByOwnership(on: resident.path)
        } else {
            try caller.require(.residentsRead, on: resident.path)
        }
        return resident
    }

    /// His row, after the units whose households change with it: where he lives, and where he is to live. Whoever has been
    /// moved since he was seen has a home that is locked after his row; should that meet somebody else's order, the
    /// database undoes one of the two, and it is made again.
    private func lock(_ seen: Resident, movingTo unit: ID<Unit>? = nil) async throws -> Resident {
        let homes = [seen.unit?.id, unit].compactMap { $0 }
        if !homes.isEmpty { _ = try await database.all(UnitQueries.lock(homes)) }
        guard let resident = try await database.first(ResidentQueries.lock(seen.id)) else {
            throw HouseProblem.notFound.problem
        }
        return resident
    }

    private func apply(_ body: ResidentBody, to resident: inout Resident) async throws {
        if let id = body.unitId.value {
            let unit = try await units.plain(id)
            guard unit.condoId == resident.condoId else {
                throw InvalidInput(field: "unitId", code: "elsewhere", message: "The unit stands in another condo.")
            }
            resident.unit = NumberRef(id: unit.id, number: unit.number)
        }
        resident.role = body.role.value(or: resident.role)
        resident.isActive = body.isActive.value(or: resident.isActive)
        resident.moveInDate = body.moveInDate.value(or: resident.moveInDate)
        resident.moveOutDate = body.moveOutDate.value(or: resident.moveOutDate)
        resident.birthDate = body.birthDate.value(or: resident.birthDate)
        if body.passportNumber.isPresent {
            resident.sealedPassport = (body.passportNumber.value ?? nil).map(papers.seal)
        }
        resident.updatedAt = clock.now()
    }

    /// The path of the unit or condo, which the author must be allowed to write residents of.
    private func path(of body: NewResident, for caller: Caller) async throws -> ScopePath {
        if let unit = body.unitId { return try await units.see(unit, for: caller, to: .residentsManage).path }
        guard let condo = body.condoId else { throw HouseProblem.notFound.problem }
        return try await condos.see(condo, for: caller, to: .residentsManage).item.path
    }

    /// Owners are made by directors and the platform.
    private func refuseOwner(_ role: ResidentRole, on path: ScopePath, by author: Author) throws {
        if role == .owner { try author.caller.require(.ownersManage, seeing: .residentsManage, on: path) }
    }

    /// Nobody leaves before he came. Where the day of that is not known he was there when he was recorded: the day before in
    /// UTC, since it may be another in the condo's time zone.
    private func checkMoveOut(of resident: Resident, _ field: String) throws {
        guard let day = resident.moveOutDate else { return }
        guard day >= resident.moveInDate ?? resident.createdAt.day.adding(days: -1) else {
            throw InvalidInput(
                field: field, code: "range", message: "must not be before the day of moving in, or else of being recorded")
        }
    }

    private func check(_ day: Day?, _ field: String) throws {
        guard let day else { return }
        guard day.year >= 1900, day <= clock.today.adding(days: 1) else {
            throw InvalidInput(field: field, code: "range", message: "must be between 1900 and today")
        }
    }
}
