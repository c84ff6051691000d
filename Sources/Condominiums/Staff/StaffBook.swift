import Identity
import Postgres
import Service
import Values

/// The door of staff: who works where, and the grant that follows from it.
struct StaffBook: Sendable {
    let database: Database
    let companies: Companies
    let condos: Condos
    let people: People
    let trail: Trail
    let clock: Clock

    /// Managers of a condo see those who work in it, directors everybody.
    func page(
        of company: ID<Company>, _ filter: StaffFilter, _ page: PageRequest, for caller: Caller
    ) async throws -> Page<StaffMember> {
        _ = try await companies.one(company, for: caller)
        let own = Coverage(try caller.reach(.staffManage))
        return try await Page(
            StaffQueries.list(company, filter, within: own, page),
            beyondTheEnd: StaffQueries.count(company, filter, within: own), of: page, from: database
        ) { $0 }
    }

    /// Managers, and everybody his own.
    func one(_ id: ID<StaffMember>, of company: ID<Company>, for caller: Caller) async throws -> StaffMember {
        _ = try await companies.one(company, for: caller)
        guard let member = try await database.first(StaffQueries.one(id, of: company)) else {
            throw HouseProblem.notFound.problem
        }
        if member.userId == caller.userID { return member }
        try caller.require(.staffManage, on: member.path)
        return member
    }

    func create(_ body: NewStaffMember, in company: ID<Company>, by author: Author) async throws -> StaffMember {
        _ = try await companies.one(company, for: author.caller)
        try await check(body, in: company, for: author.caller)
        return try await database.changing(refusing: ["staff_once": StaffProblem.alreadyStaff.problem]) {
            let now = clock.now()
            let member = StaffMember(
                id: .new(), createdAt: now, updatedAt: now, userId: try await people.find(body, by: author.caller), name: "",
                companyId: company, condoId: body.condoId, role: body.role, position: body.position,
                specializations: body.specializations, hireDate: body.hireDate, isActive: true)
            try await people.hold(member.userId)
            if let condo = member.condoId { try await condos.hold(condo) }
            try await database.execute(StaffQueries.insert(member))
            _ = try await people.grants.give(
                member.role.rawValue, on: member.scope, to: ID(member.userId), by: author.trail)
            let added = try await database.one(StaffQueries.lock(member.id))
            await trail.record("staff_added", "staff", member.id.description, new: added, in: member.scope, by: author)
            return added
        }
    }

    func change(
        _ id: ID<StaffMember>, of company: ID<Company>, _ body: StaffChange, by author: Author
    ) async throws -> StaffMember {
        let seen = try await one(id, of: company, for: author.caller)
        try checkRank(over: seen.role, on: seen.path, for: author.caller)
        return try await database.changing {
            if body.isActive.value(or: false) { try await people.hold(seen.userId) }
            let old = try await lock(id)
            try await author.caller.checkMatch()
            var member = old
            body.apply(to: &member)
            member.updatedAt = clock.now()
            try await database.execute(StaffQueries.save(member))
            try await follow(member, since: old, by: author)
            await trail.record(
                "staff_changed", "staff", id.description, from: old, to: member, in: member.scope, by: author)
            return member
        }
    }

    func delete(_ id: ID<StaffMember>, of company: ID<Company>, by author: Author) async throws {
        let seen = try await one(id, of: company, for: author.caller)
        try checkRank(over: seen.role, on: seen.path, for: author.caller)
        try await database.changing {
            let member = try await lock(id)
            try await author.caller.checkMatch()
            try await database.execute(StaffQueries.delete(id, at: clock.now()))
            _ = try await people.grants.withdraw(
                member.role.rawValue, on: member.scope, from: ID(member.userId), by: author.trail)
            await trail.record("staff_removed", "staff", id.description, old: member, in: member.scope, by: author)
        }
    }

    private func lock(_ id: ID<StaffMember>) async throws -> StaffMember {
        guard let member = try await database.first(StaffQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        return member
    }

    /// Whoever is inactive holds no right.
    private func follow(_ member: StaffMember, since old: StaffMember, by author: Author) async throws {
        guard member.isActive != old.isActive else { return }
        if member.isActive {
            _ = try await people.grants.give(
                member.role.rawValue, on: member.scope, to: ID(member.userId), by: author.trail)
        } else {
            _ = try await people.grants.withdraw(member.role.rawValue, on: member.scope, from: ID(member.userId), by: author.trail)
        }
    }

    private func check(_ body: NewStaffMember, in company: ID<Company>, for caller: Caller) async throws {
        var path: ScopePath = [.company(company)]
        if let condo = body.condoId {
            let seen = try await condos.see(condo, for: caller).item
            guard seen.company.id == company else {
                throw InvalidInput(field: "condoId", code: "elsewhere", message: "The company has no such condo.")
            }
            path = seen.path
        }
        try checkRank(over: body.role, on: path, for: caller)
    }

    /// 403 for a role that is not the caller's to grant.
    private func checkRank(over role: StaffRole, on path: ScopePath, for caller: Caller) throws {
        guard caller.can(role.isOfficer ? .officersManage : .staffManage, on: path) else {
            throw HouseProblem.forbidden.problem
        }
        try caller.require(.staffManage, on: path)
    }
}

extension People {
    /// The user that a body names: by id, or by his address, with an account made when there is none.
    func find(_ body: NewStaffMember, by giver: Caller) async throws -> UUID {
        if let id = body.userId { return try await named(id, by: giver) }
        guard let address = body.email.flatMap({ EmailAddress($0) }) else {
            throw InvalidInput(field: "email", code: "required", message: "Name a user, or firstName and email.")
        }
        let draft = NewUser(
            email: address, phone: body.phone.flatMap { PhoneNumber($0) }, firstName: body.firstName ?? "",
            lastName: body.lastName ?? "", source: "condominiums")
        return try await users.findOrCreate(draft, by: giver).user.id.uuid
    }
}
