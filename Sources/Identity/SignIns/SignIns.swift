import Crypto
import Notifications
import Postgres
import Service
import Values

/// The door to signing in: passwords become families, families are continued and ended.
package final class SignIns: Sendable {
    let database: Database
    let tokens: AccessTokens
    let secret: RefreshSecret
    let passwords: Passwords
    let attempts: Attempts
    let audit: Audit
    let roles: RoleBook
    let secondFactors: SecondFactors
    let authenticator: BearerAuthenticator
    let clock: Clock
    /// How long a refresh token may rest.
    let refreshLife: Duration
    /// Whether the platform's staff may sign in from an address.
    let admitsStaff: @Sendable (String) -> Bool

    init(
        database: Database, tokens: AccessTokens, secret: RefreshSecret, passwords: Passwords, audit: Audit,
        roles: RoleBook, secondFactors: SecondFactors, authenticator: BearerAuthenticator, clock: Clock, refreshLife: Duration,
        admitsStaff: @escaping @Sendable (String) -> Bool
    ) {
        self.database = database
        self.tokens = tokens
        self.secret = secret
        self.passwords = passwords
        self.secondFactors = secondFactors
        attempts = secondFactors.attempts
        self.audit = audit
        self.roles = roles
        self.authenticator = authenticator
        self.clock = clock
        self.refreshLife = refreshLife
        self.admitsStaff = admitsStaff
    }

    /// Signs in by password. Unknown address, wrong password, and for staff a missing platform grant answer alike, after
    /// the same work.
    ///
    /// - Parameter code: the second proof, where the account asks for one.
    func signIn(
        _ account: Account, password: String, code: String? = nil, staffOnly: Bool, from origin: Origin
    ) async throws -> SignedIn {
        try passwords.refuseWhenFull()
        let attempt = try await attempts.begin(account: account.text, address: origin.address)
        let user: User?
        let isRight: Bool
        do {
            user = try await find(account)
            isRight = try await passwords.verify(password, against: user?.passwordHash)
        } catch {
            // The database or the pool refused: nobody guessed wrong. Where taking the attempt back fails too, it stays
            // counted, which errs on the safe side; the first failure is the one to report.
            try? await attempts.succeeded(attempt, isRight: false)
            throw error
        }
        // Asked in any case: an unknown address must not be told by a missing round trip.
        let grants = try await database.all(GrantQueries.live(of: user?.id ?? ID(.zero)))
        guard isRight, let user, !staffOnly || grants.contains(where: { $0.scope == .platform }) else {
            try await attempts.failed(attempt)
            await audit.record(
                AuditEntry("sign_in_failed", "user", user?.id.description),
                by: AuditActor(stranger: account.text, from: origin))
            throw SignInProblem.invalidCredentials.problem
        }
        try await attempts.succeeded(attempt)
        try await refuseUnlessAllowed(user, grants, from: origin)
        try await secondFactors.check(code, of: user, after: .password, staffOnly: staffOnly, from: origin)
        return try await database.transaction { _ in try await begin(for: user, grants: grants, from: origin) }
    }

    /// Goes on with a sign-in that lacked its second proof. Throws `code_expired` for one that is over.
    func goOn(_ challenge: String, code: String, from origin: Origin) async throws -> SignedIn {
        guard let challenge = secondFactors.challenge(challenge),
            let user = try await database.first(UserQueries.find(challenge.user)), challenge.fits(user), user.twoFactor != .none
        else { throw CodeProblem.codeExpired.problem }
        let grants = try await database.all(GrantQueries.live(of: user.id))
        guard !challenge.staffOnly || grants.contains(where: { $0.scope == .platform }) else {
            throw SignInProblem.invalidCredentials.problem
        }
        try await refuseUnlessAllowed(user, grants, from: origin)
        try await secondFactors.use(code, of: user, from: origin)
        return try await database.transaction { _ in try await begin(for: user, grants: grants, from: origin) }
    }

    /// Signs in somebody who has proved an address of the account, or himself at a service, if the account may be used from
    /// there and asks for no more.
    func begin(
        forProved user: User, after proof: SecondFactors.FirstProof, from origin: Origin
    ) async throws -> SignedIn {
        let grants = try await database.all(GrantQueries.live(of: user.id))
        try await refuseUnlessAllowed(user, grants, from: origin)
        try await secondFactors.check(nil, of: user, after: proof, from: origin)
        return try await database.transaction { _ in try await begin(for: user, grants: grants, from: origin) }
    }

    /// Starts a family for somebody who has proved who he is. In a transaction.
    func begin(for user: User, grants: [GrantRecord], from origin: Origin) async throws -> SignedIn {
        let now = clock.now()
        let isUnchanged = try await database.execute(UserQueries.noteSignIn(user, at: now, address: origin.address)) == 1
        guard isUnchanged else { throw SignInProblem.invalidCredentials.problem }
        try await endOldest(of: user.id, at: now)
        let token = RefreshToken.first(
            of: user.id, client: origin.client, address: origin.address, at: now, life: refreshLife)
        let refresh = secret.token(family: token.family, sequence: token.sequence)
        try await database.execute(RefreshTokenQueries.insert(token, hash: refresh.digest))
        await audit.record(AuditEntry("sign_in", "user", user.id.description), by: AuditActor(user, from: origin))
        var user = user
        user.lastLoginAt = now
        user.lastLoginAddress = origin.address
        return try await signedIn(user, grants, token.family, refresh, at: now)
    }

    /// Exchanges a refresh token for its successor and a new access token.
    func refresh(_ text: String, from origin: Origin) async throws -> SignedIn {
        guard let presented = Token(base64URL: text) else { throw SignInProblem.tokenInvalid.problem }
        let answer = try await database.transaction { _ in try await exchange(presented, from: origin) }
        // The end of a family has to be committed, so the refusal comes after the transaction.
        guard let answer else { throw SignInProblem.tokenInvalid.problem }
        return answer
    }

    private func exchange(_ presented: Token, from origin: Origin) async throws -> SignedIn? {
        guard let user = try await database.first(RefreshTokenQueries.lockOwner(hash: presented.digest)),
            var token = try await database.first(RefreshTokenQueries.find(hash: presented.digest))
        else { return nil }
        let grants = try await database.all(GrantQueries.live(of: user.id))
        if isElsewhere(grants, origin) { throw HouseProblem.networkRefused.problem }
        let now = clock.now()
        switch token.present(at: now, client: origin.client, address: origin.address) {
        case .refuse:
            return nil
        case .endFamily:
            try await end([token.family], reason: "refresh_reuse", at: now)
            await audit.record(
                AuditEntry("refresh_reuse", "user", token.user.description),
                by: AuditActor(stranger: token.user.description, from: origin))
            return nil
        case .rotate:
            let successor = token.successor(at: now, life: refreshLife)
            let hash = secret.token(family: successor.family, sequence: successor.sequence).digest
            try await database.write(
                RefreshTokenQueries.markUsed(token), RefreshTokenQueries.insert(successor, hash: hash),
                UserQueries.noteActivity(token.user, at: now))
            return try await continued(user, grants, token.family, successor.sequence, at: now)
        case .repeatSuccessor(let sequence):
            return try await continued(user, grants, token.family, sequence, at: now)
        }
    }

    private func continued(
        _ user: User, _ grants: [GrantRecord], _ family: ID<RefreshToken.Family>, _ sequence: Int, at now: Instant
    ) async throws -> SignedIn? {
        guard user.maySignIn else { return nil }
        return try await signedIn(user, grants, family, secret.token(family: family, sequence: sequence), at: now)
    }

    private func signedIn(
        _ user: User, _ grants: [GrantRecord], _ family: ID<RefreshToken.Family>, _ refresh: Token, at now: Instant
    ) async throws -> SignedIn {
        SignedIn(
            user: user, grants: grants, accessToken: try await tokens.issue(to: user, family: family, at: now),
            refreshToken: refresh.base64URL, expiresIn: Int(tokens.life.components.seconds),
            refreshExpiresIn: Int(refreshLife.components.seconds))
    }

    private func find(_ account: Account) async throws -> User? {
        switch account {
        case .email(let email): try await database.first(UserQueries.find(email: email.text))
        case .phone(let phone): try await database.first(UserQueries.find(phone: phone.text)).flatMap { $0.awaitsPhone ? nil : $0 }
        }
    }

    /// An account that has rights on the platform is the staff's, by whichever way it is signed in.
    private func isElsewhere(_ grants: [GrantRecord], _ origin: Origin) -> Bool {
        grants.contains { $0.scope == .platform } && !admitsStaff(origin.address)
    }

    /// Told only to whoever knows the password.
    private func refuseUnlessAllowed(_ user: User, _ grants: [GrantRecord], from origin: Origin) async throws {
        let problem: any ProblemKind
        switch user.status {
        case .pending, .active:
            guard isElsewhere(grants, origin) else { return }
            problem = HouseProblem.networkRefused
        case .suspended: problem = SignInProblem.accountSuspended
        case .banned: problem = SignInProblem.accountBanned
        case .deleted: problem = SignInProblem.invalidCredentials
        }
        await audit.record(
            AuditEntry("sign_in_failed", "user", user.id.description), by: AuditActor(user, from: origin))
        throw problem.problem
    }
}
