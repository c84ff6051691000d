import Notifications
import Postgres
import Service
import Values

/// The door to signing in by a code, and to proving a phone by one.
struct CodeSignIns: Sendable {
    let users: Users
    let signIns: SignIns
    let codes: Codes
    let isRegistrationOpen: @Sendable () -> Bool

    /// Sends a code; an address that nobody has gets one too, since whoever proves it becomes a user. Who may not sign in, or
    /// not register, is answered the same and gets none.
    func ask(_ subject: CodeSubject, from origin: Origin) async throws -> Codes.Sent {
        let user = try await find(subject)
        return try await codes.send(
            .signIn, to: subject, reader: user?.id.uuid, from: origin.address, locale: user?.locale.rawValue ?? "en",
            isQuiet: !(user?.maySignIn ?? isRegistrationOpen()))
    }

    /// Signs in whoever reads at the address; a new one makes an account.
    func signIn(_ body: CodeSignIn, as subject: CodeSubject, from origin: Origin) async throws -> SignedIn {
        let used = try await codes.use(body.code, .signIn, of: subject)
        if case .phone(let phone) = subject, let id = used.user.map({ ID<User>($0) }), let user = try await users.find(id), user.awaitsPhone {
            let isSame = used.network == Codes.network(of: origin.address)
            let user = try await confirmRegistration(user, phone, keepsPassword: isSame, from: origin)
            return try await signIns.begin(forProved: user, after: .phoneCode, from: origin)
        }
        guard let user = try await find(subject) else { return try await register(body, subject, from: origin) }
        let proof: SecondFactors.FirstProof
        switch subject {
        case .email: proof = .emailCode
        case .phone: proof = .phoneCode
        }
        return try await signIns.begin(forProved: try await prove(user, subject, from: origin), after: proof, from: origin)
    }

    // MARK: Registering by phone

    /// Keeps what somebody registers with, and sends a code to the number: until that is used the account is nobody's, and the
    /// next who names the number takes its place.
    func register(_ body: Registration, _ phone: PhoneNumber, isOpen: Bool, from origin: Origin) async throws -> Codes.Sent {
        try users.passwords.refuseWhenFull()
        guard isOpen else { throw SignInProblem.registrationClosed.problem }
        guard body.acceptTerms else { throw SignInProblem.termsNotAccepted.on("acceptTerms") }
        if let password = body.password { try users.passwords.policy.check(password, addresses: [phone.text], field: "password") }
        try await users.check(timeZone: body.timeZone)
        let holder = try await users.database.first(UserQueries.find(phone: phone.text))
        if holder?.phoneVerifiedAt != nil { throw UserProblem.phoneTaken.on("phone") }
        var hash: String?
        if let password = body.password { hash = try await users.passwords.hash(password) }
        let draft = NewUser(
            phone: phone, firstName: body.firstName, lastName: body.lastName ?? "", locale: body.locale ?? .ru,
            timeZone: body.timeZone, source: User.registered)
        let now = users.clock.now()
        return try await users.database.transaction { _ in
            let waiting = try await users.database.first(UserQueries.waiting(phone: phone.text))
            var user = waiting ?? draft.user(status: .pending, passwordHash: hash, at: now)
            user.termsAcceptedAt = now
            if waiting == nil { try await users.insertProved(user) } else {
                (user.firstName, user.middleName, user.lastName) = (draft.firstName, nil, draft.lastName)
                (user.locale, user.timeZone, user.passwordHash, user.updatedAt) = (draft.locale, draft.timeZone, hash, now)
                try await users.database.execute(UserQueries.save(user))
            }
            return try await codes.send(
                .signIn, to: .phone(phone), user: user.id.uuid, from: origin.address, locale: user.locale.rawValue)
        }
    }

    /// The number is its owner's. A password that somebody chose elsewhere is not his.
    private func confirmRegistration(
        _ user: User, _ phone: PhoneNumber, keepsPassword: Bool, from origin: Origin
    ) async throws -> User {
        let now = users.clock.now()
        return try await users.database.transaction { _ in
            try await refuseTaken(phone, but: user.id)
            let confirmed = try await users.change(user.id, as: "phone_confirmed", by: AuditActor(user, from: origin)) { account in
                if !keepsPassword { account.passwordHash = nil }
                account.confirm(phone, at: now)
            }
            await users.audit.record(
                AuditEntry("user_registered", "user", user.id.description), by: AuditActor(user, from: origin))
            try await users.outbox.publish(.registered, of: user.id)
            return confirmed
        }
    }

    /// A number that was merely named is nobody's.
    private func find(_ subject: CodeSubject) async throws -> User? {
        switch subject {
        case .email(let email): return try await users.find(email: email)
        case .phone(let phone):
            let user = try await users.database.first(UserQueries.find(phone: phone.text))
            return user?.phoneVerifiedAt == nil ? nil : user
        }
    }

    /// Whoever registered with the address may only have claimed it: its owner's account keeps no password and no sign-in of
    /// his.
    private func prove(_ user: User, _ subject: CodeSubject, from origin: Origin) async throws -> User {
        guard case .email = subject, user.emailVerifiedAt == nil, user.maySignIn else { return user }
        return try await users.database.transaction { _ in
            let now = users.clock.now()
            let proved = try await users.change(user.id, as: "email_confirmed", by: AuditActor(user, from: origin)) { account in
                if account.emailVerifiedAt == nil, account.passwordHash != nil {
                    account.passwordHash = nil
                    account.tokenVersion += 1
                }
                account.confirmEmail(at: now)
            }
            try await signIns.endAll(of: user.id, reason: "account_handed_over", at: now)
            return proved
        }
    }

    private func register(_ body: CodeSignIn, _ subject: CodeSubject, from origin: Origin) async throws -> SignedIn {
        guard isRegistrationOpen() else { throw SignInProblem.registrationClosed.problem }
        var draft = NewUser(firstName: body.firstName ?? "", lastName: body.lastName ?? "", source: "code")
        switch subject {
        case .email(let email): draft.email = email
        case .phone(let phone): draft.phone = phone
        }
        let now = users.clock.now()
        var user = draft.user(status: .pending, passwordHash: nil, at: now)
        switch subject {
        case .email: user.confirmEmail(at: now)
        case .phone(let phone): user.confirm(phone, at: now)
        }
        let proved = user
        return try await users.database.transaction { _ in
            try await users.insertProved(proved)
            await users.audit.record(
                AuditEntry("user_registered", "user", proved.id.description), by: AuditActor(proved, from: origin))
            try await users.outbox.publish(.registered, of: proved.id)
            return try await signIns.begin(for: proved, grants: [], from: origin)
        }
    }

    // MARK: One's own phone

    /// Sends a code to a number that the account is to have; it has it once that is proved.
    func askForPhone(
        _ phone: PhoneNumber, of id: ID<User>, password: String?, from origin: Origin
    ) async throws -> Codes.Sent {
        guard let user = try await users.find(id) else { throw HouseProblem.unauthorized.problem }
        try await users.check(password, of: user, from: origin, field: "password")
        try await refuseTaken(phone, but: id)
        return try await codes.send(
            .phone, to: .phone(phone), user: id.uuid, from: origin.address, locale: user.locale.rawValue)
    }

    func confirmPhone(_ code: String, of id: ID<User>, by actor: AuditActor) async throws -> User {
        guard let phone = try await codes.pendingPhone(of: id.uuid) else { throw CodeProblem.codeInvalid.problem }
        try await codes.use(code, .phone, of: .phone(phone), user: id.uuid)
        let now = users.clock.now()
        return try await users.database.transaction { _ in
            try await refuseTaken(phone, but: id)
            let user = try await users.change(id, as: "phone_confirmed", by: actor) { $0.confirm(phone, at: now) }
            try await users.outbox.publish(.contactChanged, of: id)
            return user
        }
    }

    private func refuseTaken(_ phone: PhoneNumber, but id: ID<User>) async throws {
        let holder = try await users.database.first(UserQueries.find(phone: phone.text))
        if let holder, holder.id != id, holder.phoneVerifiedAt != nil { throw UserProblem.phoneTaken.on("phone") }
    }
}

extension User {
    /// Where an account comes from that somebody made himself.
    static let registered = "register"

    /// Registered by a number that nobody has proved yet: nobody's account.
    var awaitsPhone: Bool {
        status == .pending && source == Self.registered && email == nil && phone != nil && phoneVerifiedAt == nil
    }

    /// The number is proved to be the user's.
    mutating func confirm(_ phone: PhoneNumber, at now: Instant) {
        self.phone = phone.text
        phoneVerifiedAt = now
        if status == .pending { status = .active }
    }
}
