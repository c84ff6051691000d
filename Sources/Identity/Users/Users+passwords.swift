import Postgres
import Service
import Values

extension Users {
    /// The user himself: with the current password, a new one. His other sign-ins end.
    func changePassword(of id: ID<User>, from current: String?, to new: String, keeping family: UUID?, by origin: Origin)
        async throws
    {
        guard let user = try await find(id) else { throw HouseProblem.unauthorized.problem }
        // An account that never had one (made from an invitation, say) gets its first without naming another.
        try await check(current, of: user, from: origin, field: "currentPassword")
        // Whoever must change it would else be done with the one that somebody gave him.
        if user.passwordHash != nil, new == current { throw UserProblem.samePassword.on("newPassword") }
        try passwords.policy.check(new, addresses: user.addresses, field: "newPassword")
        let hash = try await passwords.hash(new)
        try await database.transaction { _ in
            let changed = try await change(id, as: "password_changed", by: AuditActor(user, from: origin)) { account in
                guard account.passwordHash == user.passwordHash else { throw UserProblem.wrongPassword.on("currentPassword") }
                account.passwordHash = hash
                account.mustChangePassword = false
            }
            let now = clock.now()
            // The sign-in may have ended since the request was let in; what it leaves must not be its password.
            if let family, !(try await signIns.live(of: id).contains { $0.id.uuid == family }) {
                throw HouseProblem.unauthorized.problem
            }
            try await database.execute(LinkQueries.dropPasswordLinks(of: id))
            try await signIns.endAll(of: id, except: family.map { ID($0) }, reason: "password_changed", at: now)
            try await tellPasswordChanged(changed)
        }
    }

    /// Refuses unless this is the account's password, of which no more guesses are free than at a sign-in. Nothing is asked
    /// of whoever has none.
    func check(_ password: String?, of user: User, from origin: Origin, field: String) async throws {
        if user.passwordHash == nil { return }
        let attempt = try await signIns.attempts.begin(account: user.id.description, address: origin.address)
        guard try await passwords.verify(password ?? "", against: user.passwordHash) else {
            try await signIns.attempts.failed(attempt)
            throw UserProblem.wrongPassword.on(field)
        }
        try await signIns.attempts.succeeded(attempt)
    }

    /// Platform staff: a password for somebody else, who has to change it. All his sign-ins end.
    func setPassword(of id: ID<User>, to new: String, by actor: AuditActor) async throws {
        guard let user = try await find(id) else { throw HouseProblem.notFound.problem }
        try passwords.policy.forStaff.check(new, addresses: user.addresses, field: "password")
        let hash = try await passwords.hash(new)
        try await database.transaction { _ in
            let changed = try await change(id, as: "password_set", by: actor) { account in
                guard account.status != .deleted else { throw UserProblem.userDeleted }
                account.passwordHash = hash
                account.mustChangePassword = true
                account.tokenVersion += 1
            }
            try await database.execute(LinkQueries.dropPasswordLinks(of: id))
            try await signIns.endAll(of: id, reason: "password_set", at: clock.now())
            try await tellPasswordChanged(changed)
        }
    }

    /// A link by mail to choose a new password, to whoever owns the address; silence for any other.
    func requestReset(_ email: EmailAddress, by origin: Origin) async throws {
        guard let user = try await find(email: email), user.maySignIn else { return }
        try await database.transaction { _ in
            try await links.send(.passwordReset, to: user, at: email.text)
            await audit.record(
                AuditEntry("password_reset_requested", "user", user.id.description),
                by: AuditActor(stranger: email.text, from: origin))
        }
    }

    func isResetLink(_ token: String) async throws -> Bool {
        try await links.look(token, for: [.passwordReset, .setPassword]) != nil
    }

    /// A new password by such a link. Every token of the user dies, and the API keys that were made before the address
    /// has proved to be his.
    func reset(_ token: String, to new: String, by origin: Origin) async throws {
        let purposes: [LinkPurpose] = [.passwordReset, .setPassword]
        guard let link = try await links.look(token, for: purposes), let user = try await find(link.user), user.maySignIn
        else { throw LinkProblem.tokenInvalid.on("token") }
        try passwords.policy.check(new, addresses: user.addresses, field: "newPassword")
        let hash = try await passwords.hash(new)
        try await database.transaction { _ in
            guard let link = try await links.use(token, for: purposes) else { throw LinkProblem.tokenInvalid.on("token") }
            let now = clock.now()
            var wasProved = true
            let changed = try await change(link.user, as: "password_reset", by: AuditActor(user, from: origin)) { account in
                account.passwordHash = hash
                account.mustChangePassword = false
                account.tokenVersion += 1
                wasProved = account.emailVerifiedAt != nil
                if link.email == account.email { account.confirmEmail(at: now) }
            }
            try await database.execute(LinkQueries.dropPasswordLinks(of: link.user))
            try await signIns.endAll(of: link.user, reason: "password_reset", at: now)
            if !wasProved { try await database.execute(ApiKeyQueries.revokeAll(of: link.user, at: now)) }
            try await tellPasswordChanged(changed)
        }
    }

    private func tellPasswordChanged(_ user: User) async throws {
        guard let email = user.email else { return }
        try await links.postman.post(.passwordChanged, to: user, at: email)
    }
}
