import Notifications
import Service
import Values

extension Users {
    /// Somebody makes an account for himself and is signed in; a mail asks to confirm the address. Nobody becomes staff
    /// by it, the first one neither.
    func register(_ body: Registration, isOpen: Bool, from origin: Origin) async throws -> SignedIn {
        try passwords.refuseWhenFull()
        guard isOpen else { throw SignInProblem.registrationClosed.problem }
        guard body.acceptTerms else { throw SignInProblem.termsNotAccepted.on("acceptTerms") }
        guard let email = body.email.flatMap({ EmailAddress($0) }), let password = body.password else {
            throw HouseProblem.invalidInput.problem
        }
        try passwords.policy.check(password, addresses: [email.text], field: "password")
        try await check(timeZone: body.timeZone)
        if try await find(email: email) != nil { throw SignInProblem.emailTaken.on("email") }
        let draft = NewUser(
            email: email, firstName: body.firstName, lastName: body.lastName ?? "", locale: body.locale ?? .ru,
            timeZone: body.timeZone, source: "register")
        let hash = try await passwords.hash(password)
        return try await database.transaction { _ in
            var user = draft.user(status: .pending, passwordHash: hash, at: clock.now())
            user.termsAcceptedAt = user.createdAt
            try await insert(user)
            try await links.send(.emailVerification, to: user, at: email.text)
            await audit.record(
                AuditEntry("user_registered", "user", user.id.description), by: AuditActor(user, from: origin))
            try await outbox.publish(.registered, of: user.id)
            return try await signIns.begin(for: user, grants: [], from: origin)
        }
    }

    /// The owner has his account erased.
    func deleteSelf(_ id: ID<User>, password: String?, code: String?, by caller: Caller, from origin: Origin) async throws {
        guard let user = try await find(id) else { throw HouseProblem.unauthorized.problem }
        if let code, password == nil {
            try await prove(user, by: code)
        } else if user.passwordHash == nil, codes != nil, user.provedSubject != nil {
            throw InvalidInput(field: "code", code: "required", message: "is required: ask for one at POST /auth/codes")
        } else {
            try await check(password, of: user, from: origin, field: "password")
        }
        try await database.transaction { _ in
            let held = try await grants.live(of: id)
            if held.contains(where: { $0.role == Role.superAdmin }) { try await grants.keepASuperAdmin(besides: id) }
            let actor = AuditActor(user, from: origin)
            try await change(id, as: "user_deleted", by: actor) { user in
                try await caller.checkMatch()
                try user.delete(at: clock.now())
            }
            try await forgetEverything(of: id, by: actor)
            // Under the account's lock: what he began before it is seen.
            try await mayGo(id)
        }
    }

    /// Whoever holds a token may have found the device that it lies on; a code reaches its owner.
    private func prove(_ user: User, by code: String) async throws {
        guard let codes, let subject = user.provedSubject else { throw CodeProblem.codeInvalid.problem }
        try await codes.use(code, .signIn, of: subject)
    }

    /// What an erased account leaves behind of rights and proofs: nothing.
    func forgetEverything(of id: ID<User>, by actor: AuditActor) async throws {
        // What was given to him until his account was locked.
        try await grants.withdraw(try await grants.live(of: id), from: id, by: actor)
        try await signIns.endAll(of: id, reason: "user_deleted", at: clock.now())
        let now = clock.now()
        try await database.write(
            LinkQueries.dropAll(of: id), ClerkQueries.close(of: id, at: now), IdentityQueries.dropAll(of: id),
            TwoFactorQueries.drop(of: id, at: now), TwoFactorQueries.dropCodes(of: id))
    }
}
