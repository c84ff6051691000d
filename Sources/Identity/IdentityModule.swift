import Crypto
import Glibc
import Jobs
import Notifications
import Postgres
import Runtime
import Service
import Synchronization
import Telegram
import Telemetry
import Values

/// Who somebody is and what he may: accounts, sign-ins, grants, API keys, and the trail of what was done.
package final class IdentityModule: Module {
    package let name = "identity"
    /// For `Service`: bearer tokens become principals.
    package let authenticator: BearerAuthenticator
    package let users: Users
    package let grants: Grants
    /// Roles that operators make beside those of the modules.
    package let roleMaking: Roles
    package let audit: Audit
    package let scopes: ScopeTree
    /// Every role of the program.
    package let book: RoleBook
    /// Gates of scopes, for `Service` and for the products that close them.
    package let gates: Gates
    let signIns: SignIns
    let staff: Staff
    let people: People
    let apiKeys: ApiKeys
    let keys: SigningKeys
    let passwords: Passwords
    let links: Links
    let codes: Codes?
    let secondFactors: SecondFactors
    /// For the products whose bots people speak to.
    package let telegram: TelegramAccounts
    /// Nil where nobody is written to.
    let welcome: Welcome?
    /// Nil where no instance at Clerk is named.
    let clerk: ClerkAccounts?
    /// What all modules keep of people; filled once they are composed.
    package let personal = PersonalDataRegister()
    package let accountSections = AccountSections()
    let database: Database
    let options: IdentityOptions
    let clock: Clock
    private let observers = Mutex<[@Sendable (Invalidation) -> Void]>([])

    /// - Parameters:
    ///   - roles: those of all other modules.
    ///   - kinds: the types of scope of all products.
    ///   - locks: the mirror that `Service` reads.
    ///   - codes: by which people sign in and prove phones; nil where nothing carries them.
    ///   - bots: those that people may sign in by.
    ///   - clerk: the instance whose session tokens are taken, too.
    ///   - notifications: learns in which chats bots may write to people.
    ///   - loops: how many loops the process serves with.
    package init(
        database: Database, options: IdentityOptions, roles: [Role], kinds: [ScopeKind], locks: ScopeLocks,
        postman: any Postman, codes: Codes? = nil, bots: TelegramBots = .none,
        clerk: ClerkService? = nil, notifications: Notifications? = nil, outbox: Outbox? = nil, loops: Int, log: Log, clock: Clock = .system
    ) {
        self.codes = codes
        self.database = database
        self.options = options
        self.clock = clock
        book = RoleBook(roles)
        scopes = ScopeTree(database: database, kinds: kinds)
        keys = SigningKeys(database: database, ring: options.ring, clock: clock, life: options.signingKeyLife)
        let tokens = AccessTokens(
            keys: keys, issuer: options.issuer, audience: options.issuer, life: options.accessLife)
        authenticator = BearerAuthenticator(
            database: database, tokens: tokens, roles: book,
            apiKeys: ApiKeyProof(database: database, roles: book, scopes: scopes), scopes: scopes, locks: locks,
            enforcesPasswordChange: options.enforcesPasswordChange, loops: loops)
        audit = Audit(database: database, clock: clock, log: log)
        let outbox = outbox ?? Outbox(database: database, log: log)
        grants = Grants(
            database: database, roles: book, scopes: scopes, clock: clock, authenticator: authenticator, outbox: outbox,
            audit: audit)
        roleMaking = Roles(
            database: database, book: book, scopes: scopes, audit: audit, authenticator: authenticator, outbox: outbox,
            log: log)
        gates = Gates(database: database, locks: locks, authenticator: authenticator, clock: clock, log: log)
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        passwords = Passwords(
            pool: BlockingPool("passwords", width: cores, limit: 16 * cores, yields: true), cost: options.bcryptRounds,
            policy: PasswordPolicy(minimum: options.passwordMinimum))
        secondFactors = SecondFactors(
            database: database, ring: options.ring, key: HMACSHA256.authenticate("challenge", key: options.refreshKey),
            codes: codes, attempts: Attempts(database: database, clock: clock), audit: audit, clock: clock,
            // A colon would part it from the account.
            issuer: String(options.issuer.split(separator: "/").last?.prefix { $0 != ":" } ?? "Atrium"),
            notifications: notifications)
        signIns = SignIns(
            database: database, tokens: tokens, secret: RefreshSecret(key: HMACSHA256(key: options.refreshKey)),
            passwords: passwords, audit: audit, roles: book, secondFactors: secondFactors, authenticator: authenticator,
            clock: clock, refreshLife: options.refreshLife, admitsStaff: { options.admitsStaff(from: $0) })
        links = Links(database: database, postman: postman, clock: clock, appURL: options.appURL)
        users = Users(
            database: database, grants: grants, signIns: signIns, passwords: passwords, links: links, audit: audit,
            outbox: outbox, personal: personal, codes: codes, clock: clock)
        telegram = TelegramAccounts(
            users: users, signIns: signIns, links: links, bots: bots, notifications: notifications,
            isRegistrationOpen: options.isRegistrationOpen)
        welcome = notifications.map { [users] in
            Welcome(users: users, notifications: $0, jobs: Jobs(database: database))
        }
        self.clerk = clerk.map { [users] clerk in
            ClerkAccounts(
                clerk, users: users, jobs: Jobs(database: database), isRegistrationOpen: options.isRegistrationOpen,
                admitsStaff: options.staffNetworks.isEmpty)
        }
        if let clerk = self.clerk { authenticator.accept(clerk) }
        staff = Staff(users: users, grants: grants)
        people = People(staff: staff)
        apiKeys = ApiKeys(
            database: database, scopes: scopes, audit: audit, authenticator: authenticator, clock: clock)
    }

    package var operations: [Operation] {
        SignInOperations(module: self).all + UserOperations(module: self).all + PeopleOperations(module: self).all
            + StaffOperations(module: self).all + AuditOperations(module: self).all + ApiKeyOperations(module: self).all
            + TelegramOperations(module: self, door: telegram).all + ClerkOperations(door: clerk).all + TwoFactorOperations(module: self).all + codeOperations
    }

    private var codeOperations: [Operation] {
        codeSignIns.map { CodeOperations(module: self, door: $0).all } ?? []
    }

    /// Nil where nothing carries codes.
    var codeSignIns: CodeSignIns? {
        codes.map {
            CodeSignIns(users: users, signIns: signIns, codes: $0, isRegistrationOpen: options.isRegistrationOpen)
        }
    }

    package var roles: [Role] { Role.platform }
    package var userFigures: UserFigures { UserFigures(database: database) }
    package var figures: [Figure] { userFigures.all }
    package var ranks: any Ranks { staff }

    /// Roles, keys and the first administrator are in place, and changes elsewhere are heard, before anybody is served.
    package func start() async throws {
        try await grants.registerRoles()
        try await roleMaking.reload()
        try await keys.rotate()
        try await bootstrapAdministrator()
        try await gates.reload()
        listen()
    }

    /// Has `body` told of every change, once the authenticator has forgotten what it knew before. From any thread.
    package func observe(_ body: @escaping @Sendable (Invalidation) -> Void) { observers.withLock { $0.append(body) } }

    private func tell(_ change: Invalidation) {
        for observer in observers.withLock({ $0 }) { observer(change) }
    }

    private func listen() {
        database.listen(
            Invalidation.channel,
            hears: { [weak self, authenticator, gates, roleMaking] hears in
                authenticator.setInformed(hears)
                // What was closed or opened before is told by nobody.
                if hears {
                    gates.refresh()
                    roleMaking.refresh()
                    self?.tell(.everything)
                }
            }
        ) { [weak self] payload in
            guard let self, let change = Invalidation(payload: payload) else { return }
            switch change {
            case .user, .family, .apiKey, .everything: authenticator.forget(change)
            case .locks: gates.refresh()
            case .keys: keys.forget()
            case .roles: roleMaking.refresh()
            }
            tell(change)
        }
    }
}
