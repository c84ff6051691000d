import Notifications
import Postgres
import Service
import Values

extension Users {
    /// Mails a link by which the address is confirmed; nothing when it is confirmed already.
    func resendConfirmation(to id: ID<User>) async throws {
        guard let user = try await find(id) else { return }
        try await database.transaction { _ in try await askForProof(of: user) }
    }

    /// Mails a link that proves an address which is not confirmed: the one to choose a password while there is none. In
    /// a transaction.
    func askForProof(of user: User) async throws {
        guard let email = user.email, user.emailVerifiedAt == nil else { return }
        try await links.send(user.passwordHash == nil ? .setPassword : .emailVerification, to: user, at: email)
    }

    /// The owner wants another address: a link goes to it, and the account keeps the one it has until that is followed.
    func requestEmail(_ email: EmailAddress, of id: ID<User>, password: String?, by origin: Origin) async throws {
        guard let user = try await find(id) else { throw HouseProblem.unauthorized.problem }
        try await check(password, of: user, from: origin, field: "password")
        if let holder = try await find(email: email), holder.id != id { throw UserProblem.emailTaken.on("email") }
        try await database.transaction { _ in
            try await links.send(.emailVerification, to: user, at: email.text)
            let address = AuditChange("email", AuditValue(user.email), AuditValue(email.text))
            await audit.record(
                AuditEntry("email_change_requested", "user", id.description, changes: [address].compactMap { $0 }),
                by: AuditActor(user, from: origin))
        }
    }

    /// Mails whoever an account was made for a link to choose a password, instead of the one that staff may know.
    func invite(_ user: User, by actor: AuditActor) async throws {
        if let email = user.email { try await links.invite(user, at: email, by: actor.name) }
    }

    /// The address of a link is proved to be its user's.
    @discardableResult
    func confirmEmail(_ token: String, by origin: Origin) async throws -> User {
        try await database.transaction { _ in
            guard let link = try await links.use(token, for: [.emailVerification]), let user = try await find(link.user),
                user.maySignIn
            else { throw LinkProblem.tokenInvalid.on("token") }
            let now = clock.now()
            return try await change(user.id, as: "email_confirmed", by: AuditActor(user, from: origin)) { account in
                if let email = link.email, email != account.email { (account.email, account.emailVerifiedAt) = (email, nil) }
                account.confirmEmail(at: now)
            }
        }
    }

    /// The same by a code that was sent to the address. Throws `code_invalid` for an address that is nobody's, too.
    func confirmEmail(of text: String, code: String, by origin: Origin) async throws -> User {
        guard let codes, let email = EmailAddress(text) else { throw CodeProblem.codeInvalid.problem }
        try await codes.use(code, .signIn, of: .email(email))
        guard let user = try await find(email: email), user.maySignIn else { throw CodeProblem.codeInvalid.problem }
        return try await change(user.id, as: "email_confirmed", by: AuditActor(user, from: origin)) { account in
            guard account.email == user.email else { throw CodeProblem.codeInvalid }
            account.confirmEmail(at: clock.now())
        }
    }

    /// The address that waits to be confirmed, if any.
    func pendingEmail(of user: User) async throws -> String? {
        try await database.first(LinkQueries.pendingEmail(of: user.id, at: clock.now())) ?? nil
    }
}
