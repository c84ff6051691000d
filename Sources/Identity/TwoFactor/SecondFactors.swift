import Crypto
import Notifications
import Postgres
import Service
import Values

/// The door to second proofs of who somebody is: codes of an authenticator, or by mail.
struct SecondFactors: Sendable {
    let database: Database
    let ring: SealingRing
    /// Signs challenges.
    let key: [UInt8]
    /// Nil where nothing carries codes: nobody chooses mail there.
    let codes: Codes?
    let attempts: Attempts
    let audit: Audit
    let clock: Clock
    /// How authenticators call us.
    let issuer: String
    /// By which owners hear of what happens to their accounts; nil where nobody is told.
    let notifications: Notifications?

    /// How somebody has proved who he is before.
    enum FirstProof: Sendable { case password, emailCode, phoneCode, telegram }

    // MARK: Signing in

    /// Refuses unless the account asks for no more, or this is its code. Throws `two_factor_required` with a challenge when
    /// there is none; a code by mail is on its way then.
    func check(
        _ code: String?, of user: User, after proof: FirstProof, staffOnly: Bool = false, from origin: Origin
    ) async throws {
        // Who reads his mail twice proves nothing more.
        if user.twoFactor == .none || user.twoFactor == .email && proof == .emailCode { return }
        if let code { return try await use(code, of: user, from: origin) }
        if user.twoFactor == .email {
            do { _ = try await send(to: user, from: origin) } catch let problem as Problem where problem.code == CodeProblem.codeTooSoon.rawValue {
                // The one that was sent a moment ago still works.
            }
        }
        let challenge = Challenge(for: user, staffOnly: staffOnly, at: clock.now())
        throw TwoFactorProblem.twoFactorRequired.with("challengeId", .string(challenge.text(signedBy: key))).with(
            "method", .string(user.twoFactor.rawValue))
    }

    /// Whose sign-in a challenge is; nil for none, or one that is over.
    func challenge(_ text: String) -> Challenge? {
        guard let challenge = Challenge(text, signedBy: key), clock.now() < challenge.end else { return nil }
        return challenge
    }

    /// Uses a code up. Throws `code_invalid`, `code_expired`, `code_locked`, `too_many_attempts`. Outside of transactions: a
    /// wrong guess has to be counted whatever follows.
    func use(_ code: String, of user: User, from origin: Origin) async throws {
        if user.twoFactor != .none, let recovery = RecoveryCode(code) { return try await use(recovery, of: user, from: origin) }
        switch user.twoFactor {
        case .none: return
        case .email:
            guard let codes, let email = user.email.flatMap({ EmailAddress($0) }) else { throw CodeProblem.codeInvalid.problem }
            try await codes.use(code, .twoFactor, of: .email(email), user: user.id.uuid)
        case .totp: try await useTOTP(code, of: user, from: origin)
        }
    }

    private func useTOTP(_ code: String, of user: User, from origin: Origin) async throws {
        let attempt = try await attempts.begin(account: "second:\(user.id)", address: origin.address)
        guard let totp = try await totp(of: user.id), let step = totp.step(of: code, at: clock.now()),
            try await database.execute(TwoFactorQueries.use(step, of: user.id)) == 1
        else {
            try await attempts.failed(attempt)
            await audit.record(
                AuditEntry("two_factor_failed", "user", user.id.description), by: AuditActor(user, from: origin))
            throw CodeProblem.codeInvalid.problem
        }
        try await attempts.succeeded(attempt)
    }

    /// Once, however many come with it at once.
    private func use(_ code: RecoveryCode, of user: User, from origin: Origin) async throws {
        let attempt = try await attempts.begin(account: "second:\(user.id)", address: origin.address)
        let hash = code.hash(of: user.id, key: key)
        guard try await database.execute(TwoFactorQueries.use(hash, of: user.id, at: clock.now())) == 1 else {
            try await attempts.failed(attempt)
            await audit.record(
                AuditEntry("two_factor_failed", "user", user.id.description), by: AuditActor(user, from: origin))
            throw CodeProblem.codeInvalid.problem
        }
        try await attempts.succeeded(attempt)
        await audit.record(
            AuditEntry("recovery_code_used", "user", user.id.description), by: AuditActor(user, from: origin))
        try await tellOfRecovery(user, code)
    }

    private func totp(of user: ID<User>) async throws -> TOTP? {
        guard let sealed = try await database.first(TwoFactorQueries.secret(of: user)) ?? nil else { return nil }
        return TOTP(secret: try ring.open(Sealed(bytes: sealed), context: Self.context(user)))
    }

    private static func context(_ user: ID<User>) -> String { "identity.users.totp_secret|\(user)" }

    private func send(to user: User, from origin: Origin) async throws -> Codes.Sent {
        guard let codes, let email = user.email.flatMap({ EmailAddress($0) }) else {
            throw TwoFactorProblem.emailUnconfirmed.problem
        }
        return try await codes.send(
            .twoFactor, to: .email(email), user: user.id.uuid, from: origin.address, locale: user.locale.rawValue)
    }

    // MARK: Choosing

    /// Begins to have a second factor: a secret for an authenticator, or a code by mail. It is asked for once it is confirmed.
    func offer(_ method: TwoFactorMethod, to user: User, from origin: Origin) async throws -> TwoFactorOffer {
        switch (method, user.twoFactor) {
        case (_, .totp), (.totp, .email): throw TwoFactorProblem.twoFactorOn.problem
        case (.totp, .none):
            let totp = TOTP.random()
            let sealed = ring.seal(totp.secret, context: Self.context(user.id))
            guard try await database.execute(TwoFactorQueries.keep(sealed.bytes, of: user.id)) == 1 else {
                throw TwoFactorProblem.twoFactorOn.problem
            }
            return TwoFactorOffer(
                secret: totp.text, otpauthURL: totp.address(issuer: issuer, account: user.email ?? user.phone ?? user.name),
                expiresIn: nil)
        case (.email, _):
            if user.emailVerifiedAt == nil { throw TwoFactorProblem.emailUnconfirmed.problem }
            let sent = try await send(to: user, from: origin)
            try await database.execute(TwoFactorQueries.keep(nil, of: user.id))
            return TwoFactorOffer(secret: nil, otpauthURL: nil, expiresIn: sent.expiresIn)
        }
    }

    /// The account asks for the factor that was begun with, whose code this is.
    func confirm(_ code: String, of user: User, from origin: Origin, by actor: AuditActor) async throws {
        if user.twoFactor != .none { throw TwoFactorProblem.twoFactorOn.problem }
        var factor = TwoFactor.email
        if try await totp(of: user.id) != nil {
            factor = .totp
            try await useTOTP(code, of: user, from: origin)
        } else {
            guard let codes, let email = user.email.flatMap({ EmailAddress($0) }) else { throw CodeProblem.codeInvalid.problem }
            try await codes.use(code, .twoFactor, of: .email(email), user: user.id.uuid)
        }
        try await record(factor, of: user, "two_factor_on", TwoFactorQueries.set(factor, of: user.id, at: clock.now()), by: actor)
    }

    /// The account asks for nothing more. Throws what `use` throws.
    func end(_ code: String, of user: User, from origin: Origin, by actor: AuditActor) async throws {
        if user.twoFactor == .none { throw TwoFactorProblem.twoFactorOff.problem }
        try await use(code, of: user, from: origin)
        try await drop(of: user, as: "two_factor_off", by: actor)
    }

    /// The account asks for nothing more, whatever it has: staff vouch for who has lost it. Throws `two_factor_off`.
    func reset(of user: User, by actor: AuditActor) async throws {
        if user.twoFactor == .none { throw TwoFactorProblem.twoFactorOff.problem }
        try await drop(of: user, as: "two_factor_reset", by: actor)
        try await tellOfReset(user)
    }

    private func drop(of user: User, as action: String, by actor: AuditActor) async throws {
        try await database.transaction { _ in
            try await database.execute(TwoFactorQueries.dropCodes(of: user.id))
            try await record(.none, of: user, action, TwoFactorQueries.drop(of: user.id, at: clock.now()), by: actor)
        }
    }

    // MARK: Recovery

    /// New recovery codes in place of those of before, for whoever gives a second proof. Throws what `use` throws.
    func makeCodes(_ code: String, of user: User, from origin: Origin, by actor: AuditActor) async throws -> [RecoveryCode] {
        if user.twoFactor == .none { throw TwoFactorProblem.twoFactorOff.problem }
        try await use(code, of: user, from: origin)
        let codes = (0..<RecoveryCode.count).map { _ in RecoveryCode.random() }
        let hashes = codes.map { $0.hash(of: user.id, key: key) }
        try await database.transaction { _ in
            // Of two at once the codes of one hold.
            guard let now = try await database.first(UserQueries.lock(user.id)), now.twoFactor != .none else {
                throw TwoFactorProblem.twoFactorOff.problem
            }
            try await database.execute(TwoFactorQueries.dropCodes(of: user.id))
            try await database.execute(TwoFactorQueries.keepCodes(hashes, of: user.id, at: clock.now()))
            await audit.record(AuditEntry("recovery_codes_made", "user", user.id.description), by: actor)
        }
        return codes
    }

    /// How many codes are left.
    func codesLeft(of user: ID<User>) async throws -> Int { try await database.one(TwoFactorQueries.codesLeft(of: user)) }

    private func record(
        _ factor: TwoFactor, of user: User, _ action: String, _ command: Command, by actor: AuditActor
    ) async throws {
        try await database.transaction { _ in
            try await database.execute(command)
            let change = AuditChange("twoFactor", .text(user.twoFactor.rawValue), .text(factor.rawValue))
            await audit.record(AuditEntry(action, "user", user.id.description, changes: [change].compactMap { $0 }), by: actor)
        }
    }
}
