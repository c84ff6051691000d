import JSON
import Postgres
import Service
import Values

/// What staff do with the categories of their scopes.
extension Tickets {
    /// Those that hold in a scope whose tickets the caller may open or read, or without an id the usual ones.
    func categories(_ filter: CategoryFilter, for caller: Caller) async throws -> [TicketCategory] {
        _ = try caller.user()
        guard profiles[filter.scope.type] != nil || filter.scopeID != nil else { throw unknownType }
        var path: ScopePath = []
        if filter.scopeID != nil {
            path = try await scopes.path(of: filter.scope)
            guard !path.isEmpty, try await isAtHome(caller, on: path) else { throw HouseProblem.notFound.problem }
        }
        return try await database.all(CategoryQueries.effective(filter.scope.type, on: path))
    }

    func category(_ id: ID<TicketCategory>, for caller: Caller) async throws -> TicketCategory {
        _ = try caller.user()
        guard let category = try await database.first(CategoryQueries.category(id)) else {
            throw HouseProblem.notFound.problem
        }
        if category.scope.id != nil {
            let path = try await scopes.path(of: category.scope)
            guard try await isAtHome(caller, on: path) else { throw HouseProblem.notFound.problem }
        }
        return category
    }

    func add(_ body: NewCategoryBody, by caller: Caller) async throws -> TicketCategory {
        guard body.scopeID != nil || profiles[body.scope.type] != nil else { throw unknownType }
        try await requireManaging(body.scope, by: caller)
        let now = clock.now()
        let category = TicketCategory(
            id: .new(), createdAt: now, updatedAt: now, scope: body.scope, code: body.code,
            names: JSONText(encoding: body.names), icon: body.icon, color: body.color, slaHours: body.slaHours,
            autoAssign: body.autoAssign, isSystem: false)
        guard try await database.execute(CategoryQueries.insert(category)) == 1 else { throw TicketProblem.categoryExists }
        return category
    }

    /// - Returns: as it was and as it is.
    func change(
        _ id: ID<TicketCategory>, _ body: ChangedCategoryBody, by caller: Caller
    ) async throws -> (before: TicketCategory, after: TicketCategory) {
        try await database.transaction { _ in
            let before = try await own(id, by: caller)
            var category = before
            if let names = body.names.value { category.names = JSONText(encoding: names) }
            category.icon = body.icon.value(or: before.icon)
            category.color = body.color.value(or: before.color)
            category.slaHours = body.slaHours.value(or: before.slaHours)
            category.autoAssign = body.autoAssign.value(or: before.autoAssign)
            try await database.execute(CategoryQueries.save(category, at: clock.now()))
            return (before, try await self.category(id, for: caller))
        }
    }

    func delete(_ id: ID<TicketCategory>, by caller: Caller) async throws -> TicketCategory {
        try await database.transaction { _ in
            let category = try await own(id, by: caller)
            if try await database.one(CategoryQueries.isUsed(id)) { throw TicketProblem.categoryUsed }
            try await database.execute(CategoryQueries.delete(id, at: clock.now()))
            return category
        }
    }

    /// Inside a transaction: a category that the caller may change.
    private func own(_ id: ID<TicketCategory>, by caller: Caller) async throws -> TicketCategory {
        guard let category = try await database.first(CategoryQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        try await requireManaging(category.scope, by: caller)
        if category.isSystem { throw TicketProblem.categoryIsSystem }
        try await caller.checkMatch()
        return category
    }

    /// What holds on the platform or in all scopes of a type is the platform's. 404 for a scope that the caller is no staff
    /// of.
    func requireManaging(_ scope: Scope, by caller: Caller) async throws {
        if scope.id == nil { return try caller.requirePlatform(.supportManage) }
        let path = try await scopes.path(of: scope)
        if path.isEmpty {
            _ = try caller.reach(.supportManage)
            throw HouseProblem.notFound.problem
        }
        try caller.require(.supportManage, seeing: .supportRead, on: path)
    }

    var unknownType: InvalidInput {
        InvalidInput(field: "scopeType", code: "choice", message: "No tickets are opened in scopes of this type.")
    }
}
