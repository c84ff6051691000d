import Postgres
import Service
import Values

/// The door to grants: what the modules give and take by their own rules. Everything happens in the caller's transaction
/// when there is one, is written into the trail, and acts on the next request of every instance.
package final class Grants: Sendable {
    let database: Database
    let roles: RoleBook
    let scopes: ScopeTree
    private let clock: Clock
    private let authenticator: BearerAuthenticator
    private let outbox: Outbox
    private let audit: Audit

    init(
        database: Database, roles: RoleBook, scopes: ScopeTree, clock: Clock, authenticator: BearerAuthenticator,
        outbox: Outbox, audit: Audit
    ) {
        self.database = database
        self.roles = roles
        self.scopes = scopes
        self.clock = clock
        self.authenticator = authenticator
        self.outbox = outbox
        self.audit = audit
    }

    /// Gives a role; nil when the user has it there already. Whether the giver may is the caller's to decide.
    @discardableResult
    package func give(_ draft: GrantDraft, to user: ID<User>, by giver: AuditActor) async throws -> GrantRecord? {
        let statement = GrantQueries.give(draft, id: .new(), to: user, by: giver.id, at: clock.now())
        return try await database.transaction { _ in
            guard let grant = try await database.first(statement) else { return nil }
            try await changed([user])
            await audit.record([.given(grant)], by: giver)
            return grant
        }
    }

    @discardableResult
    package func give(_ role: String, on scope: Scope, to user: ID<User>, by giver: AuditActor) async throws -> Bool {
        try await give(GrantDraft(role: role, on: scope), to: user, by: giver) != nil
    }

    /// Takes a role away; false when the user has not had it there.
    @discardableResult
    package func withdraw(
        _ role: String, on scope: Scope, from user: ID<User>, by taker: AuditActor
    ) async throws -> Bool {
        try await database.transaction { _ in
            if role == Role.superAdmin { try await keepASuperAdmin(besides: user) }
            let taken = try await database.all(GrantQueries.withdraw(role, on: scope, from: user, at: clock.now()))
            return try await tookAway(taken, by: taker) > 0
        }
    }

    /// Locks a user's grants that are about to be taken away, and answers those that nobody has taken meanwhile.
    @discardableResult
    func hold(_ grants: [GrantRecord], of user: ID<User>) async throws -> [GrantRecord] {
        // This lock before those of rows, as whoever erases an account takes them.
        if grants.contains(where: { $0.role == Role.superAdmin }) { try await keepASuperAdmin(besides: user) }
        return try await database.all(GrantQueries.lock(grants.map(\.id)))
    }

    func withdraw(_ grants: [GrantRecord], from user: ID<User>, by taker: AuditActor) async throws {
        try await database.transaction { _ in
            if grants.contains(where: { $0.role == Role.superAdmin }) { try await keepASuperAdmin(besides: user) }
            _ = try await tookAway(
                try await database.all(GrantQueries.withdraw(grants.map(\.id), at: clock.now())), by: taker)
        }
    }

    /// Scopes cease to be, with identifiers of their own: nobody keeps a grant on them. As many statements for one as for
    /// ten thousand.
    @discardableResult
    package func withdrawAll(on scopes: [Scope], by taker: AuditActor) async throws -> Int {
        try await database.transaction { _ in
            try await tookAway(try await database.all(GrantQueries.withdrawAll(on: scopes, at: clock.now())), by: taker)
        }
    }

    /// The users who have a role on exactly this scope.
    package func holders(of role: String, on scope: Scope) async throws -> [UUID] {
        try await database.all(GrantQueries.holders(of: role, on: scope))
    }

    package func live(of user: ID<User>) async throws -> [GrantRecord] {
        try await database.all(GrantQueries.live(of: user))
    }

    func live(of user: ID<User>, within condition: SQL) async throws -> [GrantRecord] {
        try await database.all(GrantQueries.live(of: user, where: condition))
    }

    func live(ofAll users: [ID<User>], within condition: SQL = "true") async throws -> [GrantRecord] {
        users.isEmpty ? [] : try await database.all(GrantQueries.live(ofAll: users, where: condition))
    }

    func change(_ grant: GrantRecord, codes: [String], by actor: AuditActor) async throws {
        try await database.transaction { _ in
            try await database.execute(GrantQueries.change(grant.id, codes: codes, at: clock.now()))
            try await changed([grant.user])
            await audit.record([.changed(grant, to: codes)], by: actor)
        }
    }

    /// Refuses what would leave the platform without a super administrator who can sign in. In a transaction only: the
    /// lock holds until its end.
    func keepASuperAdmin(besides user: ID<User>) async throws {
        try await lockSuperAdmins()
        let holders = try await database.all(GrantQueries.superAdmins())
        let others = holders.contains { $0.user != user && $0.maySignIn }
        if holders.contains(where: { $0.user == user }), !others { throw GrantProblem.lastSuperAdmin.problem }
    }

    /// Before the account and the grants of whoever may cease to be one: everybody who takes these locks takes this one
    /// first.
    func lockSuperAdmins() async throws { _ = try await database.first(GrantQueries.lockSuperAdmins()) }

    /// Writes what the modules register where grants refer to it.
    func registerRoles() async throws {
        try await database.write(roles.system.map(GrantQueries.register))
    }

    private func tookAway(_ grants: [GrantRecord], by taker: AuditActor) async throws -> Int {
        if grants.isEmpty { return 0 }
        try await changed(Set(grants.map(\.user)))
        await audit.record(grants.map(AuditEntry.taken), by: taker)
        return grants.count
    }

    private func changed(_ users: Set<ID<User>>) async throws {
        try await outbox.publish(.grantsChanged, of: users)
        for user in users { forget(user) }
    }

    /// On this instance at once, when the transaction has committed; the others hear of it from the database.
    func forget(_ user: ID<User>) {
        database.afterCommit { [authenticator] in authenticator.forget(.user(user.uuid)) }
    }
}
