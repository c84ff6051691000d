import Postgres
import Service
import Telemetry
import Values

/// The door to roles: those of the modules, which nobody changes, and those that operators make beside them. A change acts
/// on the next request of this instance, and within a second on every other.
package final class Roles: Sendable {
    private let database: Database
    private let scopes: ScopeTree
    private let audit: Audit
    private let outbox: Outbox
    private let mirror: Mirror

    init(
        database: Database, book: RoleBook, scopes: ScopeTree, audit: Audit, authenticator: BearerAuthenticator,
        outbox: Outbox, log: Log
    ) {
        self.database = database
        self.scopes = scopes
        self.audit = audit
        self.outbox = outbox
        mirror = Mirror("roles", of: database, log: log) {
            let made = try await database.all(RoleQueries.made())
            return {
                if book.take(made.map(\.role)) { authenticator.forget(.everything) }
            }
        }
    }

    /// Reads what operators have made; from then on it acts.
    func reload() async throws { try await mirror.reload() }

    /// The same soon. Called on a loop.
    func refresh() { mirror.refresh() }

    package func list(_ search: String?, _ page: PageRequest) async throws -> Page<RoleRecord> {
        let rows = try await database.all(RoleQueries.list(search, page))
        return Page(rows, total: try await database.one(RoleQueries.count(search)))
    }

    package func find(_ name: String) async throws -> RoleRecord {
        guard let role = try await database.first(RoleQueries.find(name)) else { throw HouseProblem.notFound.problem }
        return role
    }

    /// - Parameter known: the codes that the program asks for.
    package func create(
        _ draft: RoleDraft, known: Set<Permission>, by caller: Caller, _ actor: AuditActor
    ) async throws -> RoleRecord {
        try check(draft, known, by: caller)
        let role = try await database.transaction { _ in
            guard try await database.execute(RoleQueries.insert(draft)) == 1 else {
                throw RoleProblem.roleTaken.on("name")
            }
            try await tell("role_created", draft.name, draft.changes(from: nil), actor)
            return try await find(draft.name)
        }
        await mirror.changed()
        return role
    }

    package func change(
        _ name: String, known: Set<Permission>, by caller: Caller, _ actor: AuditActor,
        _ body: (inout RoleDraft) -> Void
    ) async throws -> RoleRecord {
        let role = try await database.transaction { _ in
            let old = RoleDraft(try await lock(name, by: caller))
            var new = old
            body(&new)
            try check(new, known, by: caller)
            try await database.execute(RoleQueries.save(new))
            try await tell("role_changed", name, new.changes(from: old), actor)
            return try await find(name)
        }
        await mirror.changed()
        return role
    }

    package func delete(_ name: String, by caller: Caller, _ actor: AuditActor) async throws {
        try await database.transaction { _ in
            guard try await lock(name, by: caller).holders == 0 else { throw RoleProblem.roleInUse.problem }
            // That somebody once had it stays in the trail.
            try await database.execute(RoleQueries.forgetEnded(name))
            do {
                try await database.execute(RoleQueries.delete(name))
            } catch let error as DatabaseError where error.isForeignKeyViolation {
                throw RoleProblem.roleInUse.problem
            }
            try await tell("role_deleted", name, [], actor)
        }
        await mirror.changed()
    }

    /// The role, which the caller may change. Those who give it wait for the end of this.
    private func lock(_ name: String, by caller: Caller) async throws -> RoleRecord {
        guard try await database.first(RoleQueries.lock(name)) != nil else { throw HouseProblem.notFound.problem }
        try await caller.checkMatch()
        let role = try await find(name)
        guard !role.isSystem else { throw RoleProblem.roleOfSystem.problem }
        try checkRank(RoleDraft(role), by: caller)
        return role
    }

    private func check(_ draft: RoleDraft, _ known: Set<Permission>, by caller: Caller) throws {
        guard draft.codes.allSatisfy(known.contains) else { throw RoleProblem.permissionUnknown.on("permissions") }
        guard draft.scopeTypes.allSatisfy({ scopes.knows(ScopeType($0)) }) else {
            throw RoleProblem.scopeTypeUnknown.on("scopeTypes")
        }
        try checkRank(draft, by: caller)
    }

    /// A role is made of what its maker has himself, on the platform, and nobody touches one above his own.
    private func checkRank(_ draft: RoleDraft, by caller: Caller) throws {
        let level = caller.principal?.level(on: []) ?? -1
        guard draft.level <= level, draft.codes.allSatisfy({ caller.can($0, on: []) }) else {
            throw GrantProblem.rankTooLow.problem
        }
    }

    private func tell(_ action: String, _ name: String, _ changes: [AuditChange], _ actor: AuditActor) async throws {
        await audit.record(AuditEntry(action, "role", name, scope: .platform, changes: changes), by: actor)
        try await outbox.publish(Event("setting.changed", "role", nil))
    }
}
