import Service
import Values

/// What somebody may do who has the machine itself: the commands of the binary.
extension IdentityModule {
    /// Makes an active account with a confirmed address, and gives it a role on the platform; both or neither. Throws what
    /// registering and giving throw.
    package func makeAccount(_ draft: NewUser, password: String, role: String? = nil) async throws -> User {
        guard let email = draft.email else { throw UserProblem.addressRequired.on("email") }
        try passwords.policy.check(password, addresses: [email.text], field: "password")
        if let role { try await checkRole(role, on: .platform) }
        let hash = try await passwords.hash(password)
        return try await database.transaction { _ in
            let now = clock.now()
            var user = draft.user(status: .active, passwordHash: hash, at: now)
            user.confirmEmail(at: now)
            try await users.insert(user)
            await audit.record(AuditEntry("user_created", "user", user.id.description, scope: .platform), by: .system)
            if let role { try await grants.give(role, on: .platform, to: user.id, by: .system) }
            return user
        }
    }

    /// Gives a role on a scope that exists to the owner of an account's address; false when he has it there already.
    package func giveRole(_ name: String, on scope: Scope, to user: User) async throws -> Bool {
        try await checkRole(name, on: scope)
        return try await database.transaction { _ in
            _ = try await users.handOver(user, by: nil)
            return try await grants.give(name, on: scope, to: user.id, by: .system)
        }
    }

    private func checkRole(_ name: String, on scope: Scope) async throws {
        try await grants.registerRoles()
        try await roleMaking.reload()
        guard let role = book[name] else { throw GrantProblem.roleUnknown.on("role") }
        guard role.scopeTypes.contains(scope.type) else { throw GrantProblem.roleNotGrantable.on("role") }
        guard try await scopes.exists(scope) else { throw GrantProblem.scopeUnknown.on("scope") }
    }
}
