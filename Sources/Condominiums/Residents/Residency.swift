import Identity
import Postgres
import Service
import Values

/// Moving in and out: the resident's row and the grant that follows from it, always in one transaction (spec 4.1).
struct Residency: Sendable {
    let database: Database
    let people: People
    private var grants: Grants { people.grants }
    let clock: Clock

    /// Before somebody moves in, and before the row or invite by which he does is locked: his account, the condo, the unit.
    ///
    /// - Returns: the unit as it is; 404 when it has ended while it was waited for.
    func hold(_ user: UUID, movingTo unit: Unit) async throws -> Unit {
        try await people.hold(user)
        guard try await database.first(CondoQueries.hold(unit.condoId)) != nil,
            let home = try await database.first(UnitQueries.lock(unit.id))
        else { throw HouseProblem.notFound.problem }
        return home
    }

    /// Somebody becomes a resident of a unit that is held for him. His row without a unit in that condo is placed there
    /// instead of a second one being added.
    func moveIn(
        _ user: UUID, to unit: Unit, as role: ResidentRole, by actor: AuditActor,
        _ more: (inout Resident) -> Void = { _ in }
    ) async throws -> ID<Resident> {
        let now = clock.now()
        if var waiting = try await database.first(ResidentQueries.unplaced(user, in: unit.condoId)) {
            waiting.unit = NumberRef(id: unit.id, number: unit.number)
            waiting.role = role
            waiting.updatedAt = now
            more(&waiting)
            try await database.execute(ResidentQueries.save(waiting))
            _ = try await grants.withdraw(CondoRoles.newcomer.name, on: .condo(unit.condoId), from: ID(user), by: actor)
            try await give(waiting, by: actor)
            return waiting.id
        }
        var resident = Resident(
            newFor: user, in: unit.condoId, of: unit.companyId, unit: NumberRef(id: unit.id, number: unit.number),
            as: role, at: now)
        more(&resident)
        try await database.execute(ResidentQueries.insert(resident))
        try await give(resident, by: actor)
        return resident.id
    }

    /// Somebody belongs to a condo and has no unit there yet.
    func wait(
        _ user: UUID, in condo: Condo, as role: ResidentRole, by actor: AuditActor,
        _ more: (inout Resident) -> Void
    ) async throws -> ID<Resident> {
        try await people.hold(user)
        guard try await database.first(CondoQueries.hold(condo.id)) != nil else { throw HouseProblem.notFound.problem }
        var resident = Resident(
            newFor: user, in: condo.id, of: condo.company.id, unit: nil, as: role, at: clock.now())
        more(&resident)
        try await database.execute(ResidentQueries.insert(resident))
        try await give(resident, by: actor)
        return resident.id
    }

    /// The grant that an active resident has.
    func give(_ resident: Resident, by actor: AuditActor) async throws {
        guard resident.isActive else { return }
        let (role, scope) = Self.right(of: resident)
        _ = try await grants.give(role.name, on: scope, to: ID(resident.userId), by: actor)
    }

    /// Takes away what an active resident had by his row as it was, once it has changed or gone; dead on the next request
    /// of every instance. Who lives in that place by another row keeps it.
    func withdraw(_ resident: Resident, by actor: AuditActor) async throws {
        guard resident.isActive, try await !database.one(ResidentQueries.lives(where: resident)) else { return }
        let (role, scope) = Self.right(of: resident)
        _ = try await grants.withdraw(role.name, on: scope, from: ID(resident.userId), by: actor)
    }

    private static func right(of resident: Resident) -> (Role, Scope) {
        if let unit = resident.unit { return (CondoRoles.resident, .unit(unit.id)) }
        return (CondoRoles.newcomer, .condo(resident.condoId))
    }

    /// What the indexes on residents refuse, also when two ask at once.
    static let refusals = [
        "residents_one_owner": ResidentProblem.ownerExists.problem,
        "residents_once_in_unit": ResidentProblem.alreadyResident.problem,
        "residents_once_unplaced": ResidentProblem.alreadyResident.problem,
        "residents_out_after_in": InvalidInput.moveOutBeforeMoveIn,
    ]
}

extension Resident {
    fileprivate init(
        newFor user: UUID, in condo: ID<Condo>, of company: ID<Company>, unit: NumberRef<Unit>?, as role: ResidentRole,
        at moment: Instant
    ) {
        self.init(
            id: .new(), createdAt: moment, updatedAt: moment, userId: user, name: "", email: nil, phone: nil,
            condoId: condo, companyId: company, unit: unit, role: role, isActive: true, moveInDate: nil,
            moveOutDate: nil, birthDate: nil, sealedPassport: nil)
    }
}

extension InvalidInput {
    fileprivate static var moveOutBeforeMoveIn: Problem {
        var problem = HouseProblem.invalidInput.problem
        problem.errors = [
            FieldError(field: "moveOutDate", code: "range", message: "must not be before the day of moving in")
        ]
        return problem
    }
}
