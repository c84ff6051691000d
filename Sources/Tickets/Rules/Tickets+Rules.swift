import Postgres
import Service
import Values

/// What staff do with the rules of their scopes.
extension Tickets {
    private static let mostRules = 200

    func rules(_ filter: RuleFilter, _ page: PageRequest, for caller: Caller) async throws -> Page<TicketRule> {
        try await requireManaging(filter.scope, by: caller)
        return Page(
            try await database.all(RuleQueries.page(of: filter.scope, filter.kind, page)),
            total: try await database.one(RuleQueries.count(of: filter.scope, filter.kind)))
    }

    func rule(_ id: ID<TicketRule>, for caller: Caller) async throws -> TicketRule {
        _ = try caller.reach(.supportManage)
        guard let rule = try await database.first(RuleQueries.rule(id)) else { throw HouseProblem.notFound.problem }
        try await requireManaging(rule.scope, by: caller)
        return rule
    }

    func add(_ body: NewRuleBody, by caller: Caller) async throws -> TicketRule {
        try await requireManaging(body.scope, by: caller)
        let now = clock.now()
        let rule = TicketRule(
            id: .new(), createdAt: now, updatedAt: now, scope: body.scope, name: body.name, kind: body.kind,
            condition: body.condition, action: body.action, position: body.position, isEnabled: body.isEnabled, runCount: 0)
        try await check(rule)
        guard try await database.one(RuleQueries.count(of: body.scope, nil)) < Self.mostRules else {
            throw InvalidInput(field: "scopeId", code: "count", message: "A scope has at most 200 rules.")
        }
        try await database.execute(RuleQueries.insert(rule))
        return rule
    }

    func change(_ id: ID<TicketRule>, _ body: ChangedRuleBody, by caller: Caller) async throws -> TicketRule {
        try await database.transaction { _ in
            var rule = try await locked(id, by: caller)
            rule.name = body.name.value(or: rule.name)
            rule.condition = body.condition.value(or: rule.condition)
            rule.action = body.action.value(or: rule.action)
            rule.position = body.position.value(or: rule.position)
            rule.isEnabled = body.isEnabled.value(or: rule.isEnabled)
            try await check(rule)
            try await database.execute(RuleQueries.save(rule, at: clock.now()))
            return try await self.rule(id, for: caller)
        }
    }

    func delete(_ id: ID<TicketRule>, by caller: Caller) async throws -> TicketRule {
        try await database.transaction { _ in
            let rule = try await locked(id, by: caller)
            try await database.execute(RuleQueries.delete(id))
            return rule
        }
    }

    private func locked(_ id: ID<TicketRule>, by caller: Caller) async throws -> TicketRule {
        _ = try caller.reach(.supportManage)
        guard let rule = try await database.first(RuleQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        try await requireManaging(rule.scope, by: caller)
        try await caller.checkMatch()
        return rule
    }

    private func check(_ rule: TicketRule) async throws {
        let errors = rule.action.mistakes(for: rule.kind, rule.condition)
        if !errors.isEmpty { throw InvalidInput(errors) }
        guard let assignee = rule.action.assigneeID else { return }
        let path = try await scopes.path(of: rule.scope)
        guard try await isStaff(assignee, on: path) else { throw TicketProblem.notStaff.on("action.assigneeId") }
    }
}
