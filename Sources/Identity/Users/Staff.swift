import Notifications
import Postgres
import Service
import Values

/// The door for the platform's staff: every account, whatever its scopes.
package final class Staff: Sendable {
    let users: Users
    let grants: Grants
    let rules: GrantRules
    private var database: Database { users.database }
    private var clock: Clock { users.clock }

    init(users: Users, grants: Grants) {
        self.users = users
        self.grants = grants
        rules = GrantRules(roles: grants.roles)
    }

    /// Makes a member of the platform's staff: with a password that he has to change, or by invitation.
    func create(_ draft: NewUser, role: String, codes: [String], password: String?, by caller: Caller, _ actor: AuditActor)
        async throws -> User
    {
        let gift = GrantDraft(role: role, on: .platform, codes: codes)
        let id = ID<User>.new()
        _ = try rules.checkGift(of: gift, on: [], to: id, by: caller)
        let user = try await make(draft, password: password)
        return try await database.transaction { _ in
            try await users.insert(user)
            try await users.invite(user, by: actor)
            try await give(gift, to: user.id, actor: actor)
            return user
        }
    }

    /// Changes names, addresses, department, and with `role` or `codes` the platform grant. A role reaches the owner of the
    /// address alone; whoever had proved the one that is changed here is known to be he.
    func update(_ id: ID<User>, _ change: StaffChange, by caller: Caller, _ actor: AuditActor) async throws -> User {
        try await database.transaction { _ in
            let held = try await checkRank(over: id, by: caller)
            if let role = change.role, role != Role.superAdmin, held.contains(where: { $0.role == Role.superAdmin }) {
                try await grants.lockSuperAdmins()
            }
            var isProved = false
            let user = try await users.change(id, as: "user_updated", by: actor) { user in
                try await caller.checkMatch()
                guard user.status != .deleted else { throw UserProblem.userDeleted }
                isProved = user.emailVerifiedAt != nil
                change.apply(to: &user)
            }
            guard change.role != nil || change.codes != nil else { return user }
            try await replacePlatformGrant(of: id, held, by: change, caller, actor)
            let isNewRole = change.role.map { role in !held.contains { $0.scope == .platform && $0.role == role } } ?? false
            return isProved || !isNewRole ? user : try await users.handOver(user, by: caller)
        }
    }

    func suspend(_ id: ID<User>, until: Instant?, reason: String, notify: Bool, by caller: Caller, _ actor: AuditActor)
        async throws -> User
    {
        try await move(id, as: "user_suspended", by: caller, actor) { user in
            try user.suspend(until: until, reason: reason)
        } then: { user in
            if notify { try await tell(.suspended(reason: reason, until: until), user) }
        }
    }

    func ban(_ id: ID<User>, reason: String, notify: Bool, by caller: Caller, _ actor: AuditActor) async throws -> User {
        try await move(id, as: "user_banned", by: caller, actor) { user in
            try user.ban(reason: reason)
        } then: { user in
            if notify { try await tell(.suspended(reason: reason, until: nil), user) }
        }
    }

    /// Lifting a ban takes the right to ban.
    func reactivate(_ id: ID<User>, notify: Bool, by caller: Caller, _ actor: AuditActor) async throws -> User {
        try await database.transaction { _ in
            try await checkRank(over: id, by: caller)
            let user = try await users.change(id, as: "user_reactivated", by: actor) { user in
                if user.status == .banned { try caller.require("users:delete", seeing: "users:read", on: []) }
                try user.reactivate()
            }
            if notify { try await tell(.reactivated, user) }
            return user
        }
    }

    func signOut(_ id: ID<User>, by caller: Caller, _ actor: AuditActor) async throws -> User {
        try await database.transaction { _ in
            try await checkRank(over: id, by: caller)
            let user = try await users.change(id, as: "user_signed_out", by: actor) { $0.tokenVersion += 1 }
            try await users.signIns.endAll(of: id, reason: "signed_out_by_staff", at: clock.now())
            return user
        }
    }

    func setPassword(of id: ID<User>, to password: String, by caller: Caller, _ actor: AuditActor) async throws {
        if caller.userID == id.uuid { throw UserProblem.ownAccount.problem }
        try await checkRank(over: id, by: caller)
        try await users.setPassword(of: id, to: password, by: actor)
    }

    /// The account asks for no second proof any more, for somebody who has lost his. Throws `two_factor_off`.
    func resetSecondFactor(of id: ID<User>, by caller: Caller, _ actor: AuditActor) async throws {
        if caller.userID == id.uuid { throw UserProblem.ownAccount.problem }
        try await database.transaction { _ in
            try await checkRank(over: id, by: caller)
            guard let user = try await database.first(UserQueries.lock(id)), user.status != .deleted else {
                throw HouseProblem.notFound.problem
            }
            try await users.signIns.secondFactors.reset(of: user, by: actor)
        }
    }

    /// Erases the person. What the account did stays, under its id.
    func delete(_ id: ID<User>, by caller: Caller, _ actor: AuditActor) async throws {
        _ = try await move(id, as: "user_deleted", by: caller, actor) { user in
            try await caller.checkMatch()
            try user.delete(at: clock.now())
        } then: { user in
            try await users.forgetEverything(of: user.id, by: actor)
        }
    }

    // MARK: Steps

    /// A transition that takes the right to sign in away: nobody's own, nobody's above, not the last super
    /// administrator's; every sign-in ends.
    private func move(
        _ id: ID<User>, as action: String, by caller: Caller, _ actor: AuditActor,
        _ transition: (inout User) async throws -> Void, then after: (User) async throws -> Void
    ) async throws -> User {
        try await database.transaction { _ in
            let held = try await checkRank(over: id, by: caller)
            if held.contains(where: { $0.role == Role.superAdmin }) { try await grants.keepASuperAdmin(besides: id) }
            if caller.userID == id.uuid { throw UserProblem.ownAccount.problem }
            let user = try await users.change(id, as: action, by: actor) { try await transition(&$0) }
            try await users.signIns.endAll(of: id, reason: action, at: clock.now())
            try await after(user)
            return user
        }
    }

    @discardableResult
    func checkRank(over id: ID<User>, by caller: Caller) async throws -> [GrantRecord] {
        let held = try await grants.live(of: id)
        try rules.checkRank(over: held.map(\.stored), by: caller)
        return held
    }

    private func replacePlatformGrant(
        of id: ID<User>, _ held: [GrantRecord], by change: StaffChange, _ caller: Caller, _ actor: AuditActor
    ) async throws {
        let old = held.filter { $0.scope == .platform }
        guard let role = change.role ?? old.first?.role else { throw GrantProblem.roleUnknown.on("role") }
        let draft = GrantDraft(role: role, on: .platform, codes: change.codes ?? old.first?.codes ?? [])
        _ = try rules.checkGift(of: draft, on: [], to: id, by: caller)
        for grant in old { try rules.checkTaking(of: grant.stored, on: [], from: id, by: caller) }
        let (kept, dropped) = (old.first { $0.role == role }, old.filter { $0.role != role })
        try await grants.withdraw(dropped, from: id, by: actor)
        if let kept {
            try await grants.change(kept, codes: draft.codes, by: actor)
        } else {
            try await grants.give(draft, to: id, by: actor)
        }
    }

    func make(_ draft: NewUser, password: String?) async throws -> User {
        guard let password else {
            guard draft.email != nil else { throw UserProblem.passwordOrInvitation.on("password") }
            return draft.user(status: .pending, passwordHash: nil, at: clock.now())
        }
        let addresses = [draft.email?.text, draft.phone?.text].compactMap { $0 }
        try users.passwords.policy.forStaff.check(password, addresses: addresses, field: "password")
        var user = draft.user(status: .active, passwordHash: try await users.passwords.hash(password), at: clock.now())
        user.mustChangePassword = true
        return user
    }

    func give(_ gift: GrantDraft, to id: ID<User>, actor: AuditActor) async throws {
        guard try await grants.give(gift, to: id, by: actor) != nil else { throw GrantProblem.grantExists.problem }
    }

    private func tell(_ letter: Letter, _ user: User) async throws {
        guard let email = user.email else { return }
        try await users.links.postman.post(letter, to: user, at: email)
    }
}

extension Staff: Ranks {
    package func above(_ caller: Caller) async throws -> [Superior] {
        let roles = rules.roles(above: caller)
        return roles.isEmpty ? [] : try await database.all(GrantQueries.holders(of: roles)).map(\.superior)
    }
}

extension AuditEntry {
    static func given(_ grant: GrantRecord) -> AuditEntry {
        AuditEntry(
            "grant_given", "user", grant.user.description, scope: grant.scope,
            changes: [
                AuditChange("role", .none, .text(grant.role)), AuditChange("permissions", .list([]), .list(grant.codes)),
            ].compactMap { $0 })
    }

    static func changed(_ grant: GrantRecord, to codes: [String]) -> AuditEntry {
        AuditEntry(
            "grant_changed", "user", grant.user.description, scope: grant.scope,
            changes: [AuditChange("permissions", .list(grant.codes), .list(codes))].compactMap { $0 })
    }

    static func taken(_ grant: GrantRecord) -> AuditEntry {
        AuditEntry(
            "grant_withdrawn", "user", grant.user.description, scope: grant.scope,
            changes: [AuditChange("role", .text(grant.role), .none)].compactMap { $0 })
    }
}
