import JSON
import Notifications
import Postgres
import Service
import Values

/// The door to accounts.
package final class Users: Sendable {
    let database: Database
    let grants: Grants
    let signIns: SignIns
    let passwords: Passwords
    let links: Links
    let audit: Audit
    let outbox: Outbox
    private let personal: PersonalDataRegister
    /// By which an address or phone is proved to be its owner's; nil where nothing carries them.
    let codes: Codes?
    let clock: Clock

    init(
        database: Database, grants: Grants, signIns: SignIns, passwords: Passwords, links: Links, audit: Audit,
        outbox: Outbox, personal: PersonalDataRegister, codes: Codes?, clock: Clock
    ) {
        self.codes = codes
        self.personal = personal
        self.database = database
        self.grants = grants
        self.signIns = signIns
        self.passwords = passwords
        self.links = links
        self.audit = audit
        self.outbox = outbox
        self.clock = clock
    }

    /// Throws `deletion_blocked` with every reason while something of his is not done with.
    func mayGo(_ id: ID<User>) async throws {
        let reasons = try await personal.vetoes(of: id.uuid)
        if reasons.isEmpty { return }
        throw UserProblem.deletionBlocked.with("reasons", .array(reasons.map { .string($0) }))
    }

    package func find(_ id: ID<User>) async throws -> User? {
        try await database.first(UserQueries.find(id))
    }

    package func find(email: EmailAddress) async throws -> User? {
        try await database.first(UserQueries.find(email: email.text))
    }

    /// Whether there is such an account and it is not erased. Then it is neither erased nor changed before the transaction
    /// ends: what becomes of its owner's places when he goes finds those that are just being given to him.
    package func hold(_ id: ID<User>) async throws -> Bool {
        try await database.first(UserQueries.hold(id)) != nil
    }

    /// The account with this address, its owner's alone from now on (`handOver`), or a new one without a password, to
    /// which a link is mailed by which it can be given one within 72 hours. In the caller's transaction when there is
    /// one; two at once make one account.
    ///
    /// The names count for a new account only: whoever names an address does not rename its owner.
    package func findOrCreate(_ draft: NewUser, by giver: Caller) async throws -> (user: User, isNew: Bool) {
        guard let email = draft.email else { throw UserProblem.addressRequired.on("email") }
        if let user = try await find(email: email) { return (try await handOver(user, by: giver), false) }
        do {
            return try await database.transaction { _ in
                let user = draft.user(status: .pending, passwordHash: nil, at: clock.now())
                try await insert(user)
                try await links.send(.setPassword, to: user, at: email.text)
                return (user, true)
            }
        } catch let problem as Problem where problem.code == UserProblem.emailTaken.rawValue {
            guard let user = try await find(email: email) else { throw problem }
            return (try await handOver(user, by: giver), false)
        }
    }

    /// The account with this id, its owner's alone from now on (`handOver`) and held (`hold`); nil when there is none, or an
    /// erased one. Whoever picks an account by its id takes the address that it shows for its owner's.
    package func findOwned(_ id: ID<User>, by giver: Caller) async throws -> User? {
        guard let user = try await find(id), user.status != .deleted else { return nil }
        let owned = try await handOver(user, by: giver)
        // Held afterwards: the hand-over locks more, for which two who hold it would wait for each other.
        return try await hold(id) ? owned : nil
    }

    /// Sees to it that what is given to the owner of an address reaches nobody else. Nothing happens to an account that
    /// proved its address, or that nobody can sign in to yet. In the transaction of the gift.
    ///
    /// Whoever has registered may only have claimed the address: until he has confirmed it, the account loses password,
    /// sign-ins, links and API keys, and a link to choose a password is mailed to the address. Nothing is taken from an
    /// account that staff gave its password or address, or that is above the giver: it gets nothing before it has
    /// confirmed the address (409).
    ///
    /// - Parameter giver: nil for whoever has the machine, who is above everybody and refused nothing.
    func handOver(_ user: User, by giver: Caller?) async throws -> User {
        guard user.emailVerifiedAt == nil, user.passwordHash != nil, let email = user.email else { return user }
        return try await database.transaction { _ in
            let owned = try await change(user.id, as: "account_handed_over", by: .system) { account in
                guard account.emailVerifiedAt == nil else { return }
                if let giver, try await !mayTake(account, giver) { throw UserProblem.emailUnconfirmed.problem }
                account.passwordHash = nil
                account.mustChangePassword = false
                account.tokenVersion += 1
            }
            if owned.emailVerifiedAt != nil { return owned }
            let now = clock.now()
            try await signIns.endAll(of: user.id, reason: "account_handed_over", at: now)
            try await database.write(LinkQueries.dropAll(of: user.id), ApiKeyQueries.revokeAll(of: user.id, at: now))
            try await links.send(.setPassword, to: owned, at: email)
            return owned
        }
    }

    private func mayTake(_ account: User, _ giver: Caller) async throws -> Bool {
        // Out of this state leads a proof of the address, or the staff's word.
        guard account.status == .pending else { return false }
        return GrantRules(roles: grants.roles).isAbove(try await grants.live(of: account.id).map(\.stored), giver) == false
    }

    /// Stores an account; an address that somebody has already is refused. A phone number is unique once confirmed; one
    /// that is only named is refused when anybody has it, too.
    func insert(_ user: User) async throws {
        if let phone = user.phone, try await database.first(UserQueries.find(phone: phone)) != nil {
            throw UserProblem.phoneTaken.on("phone")
        }
        try await mappingConflicts { try await database.execute(UserQueries.insert(user)) }
    }

    /// Stores an account whose address is proved: a number that others merely named is not theirs.
    func insertProved(_ user: User) async throws {
        try await mappingConflicts { try await database.execute(UserQueries.insert(user)) }
    }

    /// Refuses what looks like a time zone and is none that the database reckons in.
    func check(timeZone name: String?) async throws {
        guard let name, try await !database.one(Statement<Bool>.isTimeZone(name)) else { return }
        throw InvalidInput(field: "timeZone", code: "unknown", message: "There is no such time zone.")
    }

    /// Changes an account under its lock; 404 for an absent one. `audited` names the change in the trail.
    @discardableResult
    func change(
        _ id: ID<User>, as action: String, by actor: AuditActor, _ body: (inout User) async throws -> Void
    ) async throws -> User {
        try await database.transaction { _ in
            guard let old = try await database.first(UserQueries.lock(id)) else { throw HouseProblem.notFound.problem }
            var user = old
            try await body(&user)
            user.updatedAt = clock.now()
            try await mappingConflicts { try await database.execute(UserQueries.save(user)) }
            if user.email != old.email {
                // A link that was mailed to the former address must open nothing any more.
                try await database.execute(LinkQueries.dropAll(of: id))
                try await askForProof(of: user)
            }
            let changes = user.status == .deleted ? [] : user.changes(from: old)
            await audit.record(AuditEntry(action, "user", id.description, changes: changes), by: actor)
            for event in user.events(since: old) { try await outbox.publish(event, of: id) }
            grants.forget(id)
            return user
        }
    }

    func mappingConflicts(_ body: () async throws -> Int) async throws {
        do {
            _ = try await database.transaction { _ in try await body() }
        } catch let error as DatabaseError where error.violates("users_email_key") {
            throw UserProblem.emailTaken.on("email")
        } catch let error as DatabaseError where error.violates("users_phone_key") {
            throw UserProblem.phoneTaken.on("phone")
        }
    }
}

extension User {
    /// What others hear of a change.
    func events(since old: User) -> [IdentityEvent] {
        var events: [IdentityEvent] = []
        if status != .deleted, email != old.email || phone != old.phone { events.append(.contactChanged) }
        switch (old.status, status) {
        case (.pending, .pending), (.active, .active), (.suspended, .suspended), (.banned, .banned), (.deleted, .deleted),
            (.pending, .active):
            break
        case (_, .suspended): events.append(.suspended)
        case (_, .banned): events.append(.banned)
        case (_, .deleted): events.append(.deleted)
        case (_, .active), (_, .pending): events.append(.reactivated)
        }
        return events
    }

    /// What the trail shows of a change.
    func changes(from old: User) -> [AuditChange] {
        [
            AuditChange("email", AuditValue(old.email), AuditValue(email)),
            AuditChange("phone", AuditValue(old.phone), AuditValue(phone)),
            AuditChange("firstName", AuditValue(old.firstName), AuditValue(firstName)),
            AuditChange("middleName", AuditValue(old.middleName), AuditValue(middleName)),
            AuditChange("lastName", AuditValue(old.lastName), AuditValue(lastName)),
            AuditChange("locale", AuditValue(old.locale), AuditValue(locale)),
            AuditChange("timeZone", AuditValue(old.timeZone), AuditValue(timeZone)),
            AuditChange("birthOn", AuditValue(old.birthOn), AuditValue(birthOn)),
            AuditChange("status", AuditValue(old.status), AuditValue(status)),
            AuditChange("statusReason", AuditValue(old.statusReason), AuditValue(statusReason)),
            AuditChange("suspendedUntil", AuditValue(old.suspendedUntil), AuditValue(suspendedUntil)),
            AuditChange("department", AuditValue(old.department), AuditValue(department)),
            AuditChange("mustChangePassword", .flag(old.mustChangePassword), .flag(mustChangePassword)),
            old.passwordHash == passwordHash ? nil : AuditChange("password", .secret, .secret),
        ].compactMap { $0 }
    }
}
