import Crypto
import JSON
import Postgres
import Service
import Values

extension IdentityModule {
    /// A specimen of every statement, for the test that prepares each against a migrated database.
    package static var statements: [StatementSample] {
        accounts + signInStatements + grantStatements + auditStatements + keyStatements + UserFigureQueries.samples
            + [
                StatementSample("everybody", GrantQueries.everybody(limit: 1)),
                StatementSample("people of a scope", GrantQueries.people([""], within: "true", limit: 1)),
            ] + IdentityQueries.samples + ClerkQueries.samples + TwoFactorQueries.samples + PersonalQueries.samples
    }

    private static let now = Instant(microseconds: 0)
    private static let page = PageRequest(sort: "createdAt")
    private static let user = NewUser(source: "test").user(status: .pending, passwordHash: nil, at: now)
    private static let scope = Scope("company", .zero)

    private static var accounts: [StatementSample] {
        let all = UserCondition(
            within: "true", scope: scope, role: "", roles: [], status: .active, department: .hr, isStaff: true, from: .first,
            to: .first, text: "a")
        return [
            StatementSample("user", UserQueries.find(user.id)),
            StatementSample("time zone", Statement<Bool>.isTimeZone("")),
            StatementSample("contacts", UserQueries.contacts(of: [])),
            StatementSample("user, locked", UserQueries.lock(user.id)),
            StatementSample("user, held", UserQueries.hold(user.id)),
            StatementSample("user by e-mail", UserQueries.find(email: "")),
            StatementSample("user by phone", UserQueries.find(phone: "")),
            StatementSample("new user", UserQueries.insert(user)),
            StatementSample("changed user", UserQueries.save(user)),
            StatementSample("noted sign-in", UserQueries.noteSignIn(user, at: now, address: nil)),
            StatementSample("waiting for a proof", UserQueries.waiting(phone: "")),
            StatementSample("dropped waiting of long ago", UserQueries.dropWaiting(before: now)),
            StatementSample("noted activity", UserQueries.noteActivity(user.id, at: now)),
            StatementSample("lifted suspensions", UserQueries.liftSuspensions(at: now)),
            StatementSample("users", UserQueries.list(UserCondition(), page)),
            StatementSample("users, narrowed", UserQueries.list(all, page)),
            StatementSample("users, counted", UserQueries.count(all)),
            StatementSample("users by name", UserQueries.list(UserCondition(), PageRequest(sort: "name"))),
            StatementSample("users by e-mail", UserQueries.list(UserCondition(), PageRequest(sort: "email"))),
            StatementSample("users by age", UserQueries.list(UserCondition(), after: UserCursor(before: now), limit: 1)),
            StatementSample("users by age, counted", UserQueries.count(all, after: UserCursor(before: now), upTo: 1)),
            StatementSample("new link", LinkQueries.make([], .passwordReset, for: user.id, email: nil, until: now)),
            StatementSample("link", LinkQueries.find([], LinkPurpose.allCases, at: now)),
            StatementSample("used link", LinkQueries.use([], LinkPurpose.allCases, at: now)),
            StatementSample("pending e-mail", LinkQueries.pendingEmail(of: user.id, at: now)),
            StatementSample("dropped password links", LinkQueries.dropPasswordLinks(of: user.id)),
            StatementSample("dropped links", LinkQueries.dropAll(of: user.id)),
            StatementSample("purged links", LinkQueries.purge(before: now)),
        ]
    }

    private static var signInStatements: [StatementSample] {
        let token = RefreshToken.first(of: user.id, client: nil, address: nil, at: now, life: .days(7))
        let limits = AttemptLimit.all(account: "", network: "")
        return [
            StatementSample("owner of a refresh token, locked", RefreshTokenQueries.lockOwner(hash: [])),
            StatementSample("refresh token", RefreshTokenQueries.find(hash: [])),
            StatementSample("new refresh token", RefreshTokenQueries.insert(token, hash: [])),
            StatementSample("used refresh token", RefreshTokenQueries.markUsed(token)),
            StatementSample("live families", RefreshTokenQueries.live(of: user.id, at: now)),
            StatementSample("ended families", RefreshTokenQueries.end([token.family], reason: "", at: now)),
            StatementSample("purged refresh tokens", RefreshTokenQueries.purge(before: now)),
            StatementSample("purged families", RefreshTokenQueries.purgeRevokedFamilies(at: now)),
            StatementSample("counted attempts", AttemptQueries.count(limits, at: now)),
            StatementSample("locked attempts", AttemptQueries.lockFull(limits, at: now)),
            StatementSample("attempts taken back", AttemptQueries.takeBack([""])),
            StatementSample("forgiven attempts", AttemptQueries.forgive("")),
            StatementSample("end of locks", AttemptQueries.lockedUntil([""])),
            StatementSample("purged attempts", AttemptQueries.purge(before: now)),
            StatementSample("session", SessionQueries.state(of: user.id, family: token.family)),
            StatementSample("session of a key", SessionQueries.state(of: user.id, family: nil)),
        ]
    }

    private static var grantStatements: [StatementSample] {
        let draft = GrantDraft(role: "admin", on: scope)
        let role = RoleDraft(name: "", title: "", description: nil, scopeTypes: [], level: 0, permissions: [])
        return [
            StatementSample("grants", GrantQueries.live(of: user.id)),
            StatementSample("grants of many", GrantQueries.live(ofAll: [user.id])),
            StatementSample("grant", GrantQueries.find(.new(), of: user.id)),
            StatementSample("locked grants", GrantQueries.lock([.new()])),
            StatementSample("new grant", GrantQueries.give(draft, id: .new(), to: user.id, by: nil, at: now)),
            StatementSample("changed grant", GrantQueries.change(.new(), codes: [], at: now)),
            StatementSample("withdrawn grants", GrantQueries.withdraw([.new()], at: now)),
            StatementSample("withdrawn role", GrantQueries.withdraw("", on: scope, from: user.id, at: now)),
            StatementSample("withdrawn scope", GrantQueries.withdrawAll(on: [scope], at: now)),
            StatementSample("lock of super administrators", GrantQueries.lockSuperAdmins()),
            StatementSample("super administrators", GrantQueries.superAdmins()),
            StatementSample("holders of roles", GrantQueries.holders(of: [""])),
            StatementSample("grants on a scope", GrantQueries.grants(on: .platform)),
            StatementSample("holders of a role", GrantQueries.holders(of: "", on: .platform)),
            StatementSample("registered role", GrantQueries.register(Role.platform[0])),
            StatementSample("roles of operators", RoleQueries.made()),
            StatementSample("roles", RoleQueries.list(nil, page)),
            StatementSample("roles, searched", RoleQueries.list("", PageRequest(sort: "level", isDescending: true))),
            StatementSample("roles, counted", RoleQueries.count("")),
            StatementSample("role", RoleQueries.find("")),
            StatementSample("role, locked", RoleQueries.lock("")),
            StatementSample("new role", RoleQueries.insert(role)),
            StatementSample("changed role", RoleQueries.save(role)),
            StatementSample("grants of a role, ended", RoleQueries.forgetEnded("")),
            StatementSample("deleted role", RoleQueries.delete("")),
            StatementSample("gates", SessionQueries.locks()),
            StatementSample("closed gate", GateQueries.close(scope, ScopeLock(status: 403, code: "", reason: ""), at: now)),
            StatementSample("opened gate", GateQueries.open(scope)),
        ]
    }

    private static var auditStatements: [StatementSample] {
        var all = AuditCondition(about: .zero, actor: .zero, action: "", objectType: "", objectID: "", scope: scope)
        (all.from, all.to) = (.first, .first)
        let entry = AuditEntry("", "", nil, scope: scope, changes: [AuditChange("a", .none, .flag(true))].compactMap { $0 })
        return [
            StatementSample("new audit row", AuditQueries.insert(entry, by: .system, id: .new(), at: now)),
            StatementSample(
                "new audit row of a group",
                AuditQueries.insert(
                    [PlacedAuditLine(1, AuditLine(entry, by: .system, at: now))], scope: "unit", id: "s.id",
                    from: "(select null::uuid as id) s", where: "true")),
            StatementSample("audit rows", AuditQueries.list(AuditCondition(), after: nil, limit: 1)),
            StatementSample("audit rows, narrowed", AuditQueries.list(all, after: AuditCursor(text: "0 \(UUID.zero)"), limit: 1)),
            StatementSample(
                "audit rows, counted to a limit",
                AuditQueries.count(all, after: AuditCursor(before: now), upTo: 1)),
            StatementSample("audit row", AuditQueries.find(.new(), all)),
            StatementSample("audit rows, counted", AuditQueries.total(all)),
            StatementSample("audit rows by actor", AuditQueries.topActors(all)),
            StatementSample("audit rows by action", AuditQueries.topActions(all)),
            StatementSample("audit rows by day", AuditQueries.byDay(all)),
            StatementSample("audit retention", AuditQueries.allowRetention()),
            StatementSample("purged audit rows", AuditQueries.purge(before: now)),
        ]
    }

    private static var keyStatements: [StatementSample] {
        let signing = SigningKey.generate(notBefore: now, ring: SealingRing(current: .random(id: 1)))
        let key = ApiKey(
            id: .new(), createdAt: now, owner: user.id, name: "", prefix: "", secretHash: [], previousHash: nil,
            previousUntil: nil, codes: [], scope: scope, lastUsedAt: nil, expiresAt: nil, revokedAt: nil)
        return [
            StatementSample("signing keys", SigningKeyQueries.verifying(at: now)),
            StatementSample("lock of signing keys", SigningKeyQueries.lock()),
            StatementSample("new signing key", SigningKeyQueries.insert(signing)),
            StatementSample("retired signing key", SigningKeyQueries.retire("", at: now)),
            StatementSample("purged signing keys", SigningKeyQueries.purge(at: now)),
            StatementSample("API key", ApiKeyQueries.find(prefix: "")),
            StatementSample("API keys", ApiKeyQueries.list(of: user.id, page)),
            StatementSample("API keys, counted", ApiKeyQueries.count(of: user.id)),
            StatementSample("API key, locked", ApiKeyQueries.lock(key.id, of: user.id)),
            StatementSample("new API key", ApiKeyQueries.insert(key)),
            StatementSample("changed API key", ApiKeyQueries.save(key, at: now)),
            StatementSample("revoked API keys", ApiKeyQueries.revokeAll(of: user.id, at: now)),
            StatementSample("used API key", ApiKeyQueries.noteUse(key.id, at: now)),
        ]
    }
}
