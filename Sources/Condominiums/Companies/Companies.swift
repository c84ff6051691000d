import Files
import Identity
import JSON
import Postgres
import Service
import Values

/// The door of companies: what can be done with them.
struct Companies: Sendable {
    let database: Database
    let people: People
    let gates: Gates
    let logo: Picture
    let trail: Trail
    let clock: Clock

    func page(_ filter: CompanyFilter, _ page: PageRequest, for caller: Caller) async throws -> Page<CompanyView> {
        let own = try caller.coverage(.companiesRead)
        return try await Page(
            CompanyQueries.list(filter, within: own, page), beyondTheEnd: CompanyQueries.count(filter, within: own),
            of: page, from: database
        ) { CompanyView($0.item, for: caller, on: $0.path) }
    }

    func one(_ id: ID<Company>, for caller: Caller) async throws -> CompanyView {
        let seen = try await see(id, for: caller)
        return CompanyView(seen.item, for: caller, on: seen.path)
    }

    private func see(_ id: ID<Company>, for caller: Caller) async throws -> Seen<Company> {
        let own = try caller.sight(.companiesRead)
        guard let seen = try await database.first(CompanyQueries.one(id, for: own)) else {
            throw HouseProblem.notFound.problem
        }
        try caller.require(.companiesRead, on: seen.path)
        return seen
    }

    /// Refuses who may not do this to the company as a whole: 404 when he does not see it, else 403. A right on one of
    /// its condos shows the company and changes nothing of it.
    func check(_ permission: Permission, on id: ID<Company>, for caller: Caller) async throws {
        _ = try await see(id, for: caller)
        guard caller.can(permission, on: [.company(id)]) else { throw HouseProblem.forbidden.problem }
        try caller.require(permission, on: [.company(id)])
    }

    /// A company with its director and accountant, who are found or made by their addresses.
    func create(_ body: CompanyBody, by author: Author) async throws -> CompanyView {
        _ = try author.caller.reach(.companiesManage)
        var draft = CompanyDraft(name: try body.requiredName)
        try body.apply(to: &draft)
        let id = ID<Company>.new()
        return try await database.changing(refusing: Self.refusals) {
            try await check(draft)
            try await logo.replace(nil, by: draft.logoFileId, of: Self.object(id), by: author)
            try await database.execute(CompanyQueries.insert(id, draft, at: clock.now()))
            try await people.appoint(CondoRoles.director, draft.directorEmail, draft.directorName, on: .company(id), by: author)
            try await people.appoint(
                CondoRoles.accountant, draft.accountantEmail, draft.accountantName, on: .company(id), by: author)
            await trail.record(
                "company_created", "company", id.description, new: CompanyView(try await lock(id)), in: .company(id),
                by: author)
            return try await view(id, for: author.caller)
        }
    }

    func change(_ id: ID<Company>, _ body: CompanyBody, by author: Author) async throws -> CompanyView {
        try await check(.companiesUpdate, on: id, for: author.caller)
        if body.touchesTerms { try await check(.companiesManage, on: id, for: author.caller) }
        return try await database.changing(refusing: Self.refusals) {
            let old = try await lock(id)
            try await author.caller.checkMatch()
            var company = old
            try body.apply(to: &company.draft)
            try await check(company.draft)
            if company.draft.currency != old.draft.currency,
                try await database.one(CompanyQueries.usesCurrency(id, at: clock.now()))
            {
                throw CompanyProblem.currencyInUse.on("currency")
            }
            try await logo.replace(old.draft.logoFileId, by: company.draft.logoFileId, of: Self.object(id), by: author)
            try await database.execute(CompanyQueries.save(id, company.draft, at: clock.now()))
            await trail.record(
                "company_changed", "company", id.description, from: CompanyView(old), to: CompanyView(company),
                in: .company(id), by: author)
            return try await view(id, for: author.caller)
        }
    }

    private static func object(_ id: ID<Company>) -> FileObject { FileObject(type: "company", id: id.uuid) }

    /// The company with everything below it: spec 4.13. Money, readings and what hangs on them stay.
    func delete(_ id: ID<Company>, by author: Author) async throws {
        try await check(.companiesManage, on: id, for: author.caller)
        try await database.changing {
            let company = try await lock(id)
            try await author.caller.checkMatch()
            try await people.close(.company(id), at: clock.now(), by: author)
            await trail.record(
                "company_deleted", "company", id.description, old: CompanyView(company), in: .company(id), by: author)
        }
    }

    /// Staff and residents of a blocked company are refused everywhere, save what is left open: spec 1.3.
    func block(_ id: ID<Company>, _ body: BlockBody, by author: Author) async throws -> CompanyView {
        try await turn(id, as: "company_blocked", by: author) { company in
            guard company.blockedAt == nil else { throw CompanyProblem.invalidTransition }
            try await database.execute(CompanyQueries.block(id, reason: body.reason, at: clock.now()))
            try await gates.close(.company(id), CompanyGate.companyBlocked.lock)
        }
    }

    func unblock(_ id: ID<Company>, by author: Author) async throws -> CompanyView {
        try await turn(id, as: "company_unblocked", by: author) { company in
            guard company.blockedAt != nil else { throw CompanyProblem.invalidTransition }
            try await database.execute(CompanyQueries.unblock(id, at: clock.now()))
            try await gates.open(.company(id))
        }
    }

    private func turn(
        _ id: ID<Company>, as action: String, by author: Author, _ body: (Company) async throws -> Void
    ) async throws -> CompanyView {
        try await check(.companyBlocksManage, on: id, for: author.caller)
        return try await database.changing {
            let old = try await lock(id)
            try await body(old)
            await trail.record(
                action, "company", id.description, from: CompanyView(old), to: CompanyView(try await lock(id)),
                in: .company(id), by: author)
            return try await view(id, for: author.caller)
        }
    }

    func stats(_ id: ID<Company>, for caller: Caller) async throws -> FiguresView {
        try await check(.billingRead, on: id, for: caller)
        guard let figures = try await database.first(FigureQueries.ofCompany(id, at: clock.now())) else {
            throw HouseProblem.notFound.problem
        }
        return FiguresView(figures, isOfCompany: true)
    }

    private func lock(_ id: ID<Company>) async throws -> Company {
        guard let company = try await database.first(CompanyQueries.lock(id)) else {
            throw HouseProblem.notFound.problem
        }
        return company
    }

    private func view(_ id: ID<Company>, for caller: Caller) async throws -> CompanyView {
        CompanyView(try await lock(id), for: caller, on: [.company(id)])
    }

    private func check(_ draft: CompanyDraft) async throws {
        guard try await database.one(Statement<Bool>.isTimeZone(draft.timezone)) else {
            throw InvalidInput(field: "timezone", code: "unknown", message: "There is no such time zone.")
        }
    }

    private static let refusals = [
        "companies_name": CompanyProblem.companyExists.on("name"),
        "companies_registration_number": CompanyProblem.companyExists.on("registrationNumber"),
    ]
}
