import Crypto
import JSON
import Jobs
import Postgres
import Runtime
import Service
import Values

/// The door to accounts of people whom Clerk vouches for.
package struct ClerkAccounts: Sendable {
    let service: ClerkService
    let users: Users
    let jobs: Jobs
    let isRegistrationOpen: @Sendable () -> Bool
    /// Whether staff may act from any address: a token does not say where it is used.
    let admitsStaff: Bool
    private let arrivals = Flights<String, User?>()
    private var database: Database { users.database }

    init(
        _ service: ClerkService, users: Users, jobs: Jobs, isRegistrationOpen: @escaping @Sendable () -> Bool, admitsStaff: Bool
    ) {
        self.service = service
        self.users = users
        self.jobs = jobs
        self.isRegistrationOpen = isRegistrationOpen
        self.admitsStaff = admitsStaff
    }

    // MARK: Tokens

    /// Whose session a token is, and until when it says so; somebody new gets an account. Nil for one that proves nothing.
    /// Throws `identity_unavailable` while Clerk cannot be asked and has to be.
    func owner(of token: ClerkToken, on loop: EventLoop, at now: Instant) async throws -> (user: User, until: Instant)? {
        guard
            let claims = ClerkClaims(
                payload: token.payload, issuer: service.issuer, parties: service.parties, at: now),
            let key = try await service.keys.key(token.keyID, on: loop), key.verify(token.signature, of: token.signed)
        else { return nil }
        let known = try await database.first(IdentityQueries.owner(.clerk, claims.subject))
        // Of simultaneous first requests one asks Clerk and makes the account.
        guard
            let user = try await known == nil
                ? arrivals.run(claims.subject, on: loop, { [self] in try await welcome(claims) }) : known
        else { return nil }
        return (user, claims.expiresAt + ClerkClaims.leeway)
    }

    /// At most once in ten minutes: tokens live for one.
    func noteActivity(of user: User, at now: Instant) async throws {
        if let last = user.lastActiveAt, now < last + .minutes(10) { return }
        try await database.execute(UserQueries.noteActivity(user.id, at: now))
    }

    private func welcome(_ claims: ClerkClaims) async throws -> User? {
        guard let people = service.people else {
            return try await account(of: ClerkPerson(subject: claims.subject), asOf: claims.issuedAt)
        }
        let person: ClerkPerson?
        do { person = try await people.find(claims.subject) } catch is OutsideFailure {
            throw HouseProblem.identityUnavailable.retry(after: 5)
        }
        guard let person else { return nil }
        return try await account(of: person, asOf: claims.issuedAt)
    }

    // MARK: Accounts

    /// The account of a person, made when there is none, or the one that has proved the same address before. Nil where nobody
    /// may register, and where his account has ended since.
    func account(of person: ClerkPerson, asOf instant: Instant) async throws -> User? {
        try await database.transaction { _ in
            _ = try await database.all(IdentityQueries.lock(.clerk, person.subject))
            if let user = try await database.first(IdentityQueries.owner(.clerk, person.subject)) { return user }
            let end = try await database.first(ClerkQueries.closedAt(SHA256.digest(of: person.subject)))
            if let end, instant <= end { return nil }
            if let user = try await namesake(of: person.profile) {
                try await note(person, as: user.id)
                await users.audit.record(AuditEntry("clerk_linked", "user", user.id.description), by: .clerk)
                try await writeGrants(of: person.subject)
                return user
            }
            guard isRegistrationOpen() else { return nil }
            let user = try await insert(person)
            try await note(person, as: user.id)
            await users.audit.record(AuditEntry("user_registered", "user", user.id.description), by: .clerk)
            try await users.outbox.publish(.registered, of: user.id)
            return user
        }
    }

    private func note(_ person: ClerkPerson, as user: ID<User>) async throws {
        try await database.execute(
            IdentityQueries.insert(
                .clerk, person.subject, of: user, JSONText(encoding: person.profile),
                at: person.updatedAt ?? users.clock.now()))
    }

    /// Whoever has proved the same e-mail address here, unless his account asks for more than one proof, or acts for others:
    /// nobody comes to rights by what a provider says.
    private func namesake(of profile: ClerkProfile) async throws -> User? {
        guard let email = profile.email.flatMap({ EmailAddress($0) }), let user = try await users.find(email: email),
            user.emailVerifiedAt != nil, user.maySignIn, user.twoFactor == .none,
            try await database.first(IdentityQueries.subject(of: user.id, .clerk)) == nil,
            try await !actsForOthers(user.id)
        else { return nil }
        return user
    }

    func actsForOthers(_ user: ID<User>) async throws -> Bool {
        try await users.grants.live(of: user).contains { users.grants.roles[$0.role]?.isGrantedByHand ?? true }
    }

    /// A new account. An address that somebody has here already is left out: he is not asked to share it.
    private func insert(_ person: ClerkPerson) async throws -> User {
        let now = users.clock.now()
        func draft(_ profile: ClerkProfile) -> User {
            let new = NewUser(
                firstName: profile.firstName ?? "", lastName: profile.lastName ?? "", locale: .spoken(person.language),
                source: Self.source)
            var user = new.user(status: .active, passwordHash: nil, at: now)
            if let email = profile.email { (user.email, user.emailVerifiedAt) = (email, now) }
            if let phone = profile.phone { (user.phone, user.phoneVerifiedAt) = (phone, now) }
            return user
        }
        let user = draft(person.profile)
        do {
            try await users.insertProved(user)
            return user
        } catch let problem as Problem where Self.isTaken(problem) {
            let user = draft(ClerkProfile(firstName: person.profile.firstName, lastName: person.profile.lastName))
            try await users.insertProved(user)
            return user
        }
    }

    static func isTaken(_ problem: Problem) -> Bool {
        [UserProblem.emailTaken, .phoneTaken].contains { $0.rawValue == problem.code }
    }

    /// Where such accounts come from.
    static let source = "clerk"

    // MARK: Grants

    /// Has Clerk told which roles somebody has, once the transaction is committed.
    func writeGrants(of subject: String) async throws {
        if service.people == nil { return }
        try await jobs.enqueue(
            ClerkJobs.writeGrants, ClerkGrants(subject: subject), dedupe: "clerk-grants:\(subject)")
    }

    /// The same for an account, if Clerk vouches for its owner.
    func writeGrants(of user: ID<User>) async throws {
        guard let subject = try await database.first(IdentityQueries.subject(of: user, .clerk)) else { return }
        try await writeGrants(of: subject)
    }

    /// Tells Clerk now. Repeatable; nothing to do where either side knows nobody by that id.
    func carryOut(_ task: ClerkGrants) async throws {
        guard let people = service.people,
            let user = try await database.first(IdentityQueries.owner(.clerk, task.subject))
        else { return }
        let grants = try await users.grants.live(of: user.id)
        _ = try await people.write(Self.metadata(grants), of: task.subject)
    }

    /// Clerk keeps eight kilobytes for somebody: more grants than that are not told.
    private static let most = 50

    static func metadata(_ grants: [GrantRecord]) -> JSONValue {
        let told = grants.prefix(most).map { grant -> JSONValue in
            [
                "role": .string(grant.role), "scopeType": .string(grant.scope.type.name),
                "scopeId": grant.scope.id.map { .string($0.description) } ?? .null,
            ]
        }
        return ["grants": .array(told)]
    }
}

extension AuditActor {
    /// What Clerk says of people.
    static let clerk = AuditActor(id: nil, kind: .provider, name: "clerk")
}
