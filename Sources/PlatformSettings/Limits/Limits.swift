import Identity
import Postgres
import Service
import Values

/// The door to the limits that operators set.
struct Limits: Sendable {
    let database: Database
    let state: SettingsState
    let board: RuleBoard
    let book: RoleBook
    let trail: SettingsTrail
    let clock: Clock

    func page(_ search: String?, _ page: PageRequest) async throws -> Page<LimitEntry> {
        let limits = try await database.all(LimitQueries.list(search, page))
        return Page(limits, total: try await database.one(LimitQueries.count(search)))
    }

    func find(_ id: ID<LimitEntry>) async throws -> LimitEntry {
        guard let limit = try await database.first(LimitQueries.find(id)) else { throw HouseProblem.notFound.problem }
        return limit
    }

    func create(_ body: NewLimit, by call: Call) async throws -> LimitEntry {
        let limit = body.entry(at: clock.now())
        try check(limit)
        try await saving {
            guard try await database.one(LimitQueries.count(nil)) < LimitEntry.most else {
                throw SettingsProblem.tooManyRules.problem
            }
            try await database.execute(LimitQueries.insert(limit))
            try await tell("rate_limit_created", limit.id, limit.changes(from: nil), by: call)
        }
        return limit
    }

    func change(_ id: ID<LimitEntry>, _ body: LimitChange, by call: Call) async throws -> LimitEntry {
        try await saving {
            let old = try await lock(id, by: call)
            var limit = old
            body.apply(to: &limit, at: clock.now())
            // What it names may have gone since; it need not be mended for its quantity to be changed.
            if limit.operation != old.operation || limit.role != old.role { try check(limit) }
            try await database.execute(LimitQueries.save(limit))
            try await tell("rate_limit_changed", id, limit.changes(from: old), by: call)
            return limit
        }
    }

    func delete(_ id: ID<LimitEntry>, by call: Call) async throws {
        try await saving {
            let limit = try await lock(id, by: call)
            try await database.execute(LimitQueries.delete(id))
            try await tell(
                "rate_limit_deleted", id,
                [AuditChange("operation", .text(limit.operation), .none), AuditChange("role", .text(limit.role), .none)],
                by: call)
        }
    }

    private func saving<T: Sendable>(_ body: () async throws -> T) async throws -> T {
        let result: T
        do {
            result = try await database.transaction { _ in try await body() }
        } catch let error as DatabaseError where error.violates("rate_limits_operation_role") {
            throw SettingsProblem.limitTaken.on("operation")
        }
        await state.mirror.changed()
        return result
    }

    private func lock(_ id: ID<LimitEntry>, by call: Call) async throws -> LimitEntry {
        guard let limit = try await database.first(LimitQueries.lock(id)) else { throw HouseProblem.notFound.problem }
        try await call.caller.checkMatch()
        return limit
    }

    private func check(_ limit: LimitEntry) throws {
        guard board.operations.contains(where: { limit.rule.covers(LimitTarget($0)) }) else {
            throw SettingsProblem.operationUnknown.on("operation")
        }
        let isKnown = [LimitRule.everything, LimitRule.guest].contains(limit.role) || book[limit.role] != nil
        guard isKnown else { throw SettingsProblem.roleUnknown.on("role") }
    }

    private func tell(
        _ action: String, _ id: ID<LimitEntry>, _ changes: [AuditChange?], by call: Call
    ) async throws {
        try await trail.record(action, "rate_limit", id.description, changes, object: id.uuid, by: call)
    }
}
