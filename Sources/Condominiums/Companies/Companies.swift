import Identity
import JSON
import Postgres
import Service
import Values

/// The door of companies: what can be done with them.
struct Companies: Sendable {
    let database: Database
    let people: People
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
        let own = try caller.coverage(.companiesRead)
        guard let seen = try await database.first(CompanyQueries.one(id, for: own)) else {
            throw HouseProblem.notFound.problem
        }
        try caller.require(.companiesRead, on: seen.path)
        return CompanyView(seen.item, for: caller, on: seen.path)
    }

    /// A company with its director and accountant, who are found or made by their addresses.
    func create(_ body: CompanyBody, by author: Author) async throws -> CompanyView {
        try author.caller.require(.companiesManage, seeing: .companiesRead, on: [])
        var draft = CompanyDraft(name: try body.requiredName)
        try body.apply(to: &draft)
        let id = ID<Company>.new()
        return try await database.changing(refusing: Self.refusals) {
            try await check(draft)
            try await database.execute(CompanyQueries.insert(id, draft, at: clock.now()))
            try await people.appoint(CondoRoles.director, draft.directorEmail, draft.directorName, on: .company(id), by: author)
            try await people.appoint(
                CondoRoles.accountant, draft.accountantEmail, draft.accountantName, on: .company(id), by: author)
            await trail.record("company_created", "company", id.description, in: .company(id), by: author)
            return try await view(id, for: author.caller)
        }
    }

    func change(_ id: ID<Company>, _ body: CompanyBody, by author: Author) async throws -> CompanyView {
        _ = try await one(id, for: author.caller)
        try author.caller.require(.companiesUpdate, seeing: .companiesRead, on: [.company(id)])
        if body.touchesTerms {
            try author.caller.require(.companiesManage, seeing: .companiesUpdate, on: [.company(id)])
        }
        return try await database.changing(refusing: Self.refusals) {
            let old = try await lock(id)
            var company = old
            try body.apply(to: &company.draft)
            try await check(company.draft)
            try await database.execute(CompanyQueries.save(id, company.draft, at: clock.now()))
            await trail.record(
                "company_changed", "company", id.description, from: CompanyView(old), to: CompanyView(company),
                in: .company(id), by: author)
            return try await view(id, for: author.caller)
        }
    }

    /// The company with everything below it: spec 4.13. Money, readings and what hangs on them stay.
    func delete(_ id: ID<Company>, by author: Author) async throws {
        _ = try await one(id, for: author.caller)
        try author.caller.require(.companiesManage, seeing: .companiesRead, on: [.company(id)])
        try await database.changing {
            _ = try await lock(id)
            try await people.close(.company(id), at: clock.now())
            await trail.record("company_deleted", "company", id.description, in: .company(id), by: author)
        }
    }

    func stats(_ id: ID<Company>, for caller: Caller) async throws -> FiguresView {
        _ = try await one(id, for: caller)
        try caller.require(.billingRead, seeing: .companiesRead, on: [.company(id)])
        guard let figures = try await database.first(FigureQueries.ofCompany(id, at: clock.now())) else {
            throw HouseProblem.notFound.problem
        }
        return FiguresView(figures)
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
        guard try await database.one(CompanyQueries.isTimeZone(draft.timezone)) else {
            throw InvalidInput(field: "timezone", code: "unknown", message: "There is no such time zone.")
        }
    }

    private static let refusals = [
        "companies_name": CompanyProblem.companyExists.on("name"),
        "companies_registration_number": CompanyProblem.companyExists.on("registrationNumber"),
    ]
}
