import Crypto
import Identity
import Payments
import Postgres
import Realtime
import Service
import Telegram
import Values

/// The doors of the board, and what its contract needs that is not the house's.
package struct UrgentDoors: Sendable {
    package let database: Database
    package let users: UrgentUsers
    package let orders: Orders
    package let takes: Takes
    package let ledger: Ledger
    package let recharges: Recharges
    let partners: UrgentPartners
    let news: BoardNews
    let digests: Digests
    let sockets: BoardSockets
    let identity: IdentityModule
    let authenticator: InitDataAuthenticator
    let dialect: Dialect
    let admins: [Int]
    let timerSeconds: Int
    /// Below which the board's paths begin.
    let prefix: String

    /// What the settings say besides the terms.
    package struct Options: Sendable {
        package var terms = UrgentTerms()
        /// How old init data may be.
        package var proofLife = Duration.days(1)
        /// The bot's number, where another process holds its token: then Telegram's signature proves who somebody is.
        package var botID: Int64?
        /// By which Telegram signs.
        package var telegram = Ed25519PublicKey.telegram
        package var admins: [Int] = []
        package var timerSeconds = 5
        /// `API_PREFIX`
        package var prefix = UrgentSettings.prefix.fallback
        package var recharges = Recharges.Terms()
        /// Calls per minute; nil for no limit.
        package var guestsPerMinute: Int? = 6000
        package var usersPerMinute: Int? = 300
        /// For how long a list of orders is given to all who ask for it, while nothing is heard of any change.
        package var feedLife = Duration.milliseconds(100)
        /// How many loops the process serves with.
        package var loops = 1

        package init() {}

        var verifier: InitDataVerifier? {
            botID.map { InitDataVerifier(botID: $0, telegram: telegram, life: proofLife) }
        }
    }

    /// - Parameter bot: the board's; without one nobody can prove who he is, and the board is for looking at.
    package init(
        database: Database, identity: IdentityModule, ledger: Ledger, bot: TelegramBot?, events: Outbox,
        partners: UrgentPartners, options: Options
    ) {
        self.database = database
        self.identity = identity
        self.ledger = ledger
        admins = options.admins
        timerSeconds = options.timerSeconds
        prefix = options.prefix
        users = UrgentUsers(database: database)
        orders = Orders(
            database: database, users: users, terms: options.terms, events: events,
            feeds: RecentReads("urgent-orders", for: options.feedLife, metrics: partners.metrics))
        takes = Takes(database: database, terms: options.terms, events: events)
        authenticator = InitDataAuthenticator(
            bot?.initData ?? options.verifier, life: options.proofLife,
            arrivals: Arrivals(
                database: database, accounts: identity.telegram, ledger: ledger, bot: bot?.name ?? "urgent",
                admins: Set(options.admins)),
            loops: options.loops)
        dialect = Dialect(
            authenticator: authenticator,
            userLimit: options.usersPerMinute.map { RateLimit("urgent-users", $0, perSeconds: 60) },
            guestLimit: options.guestsPerMinute.map { RateLimit("urgent-guests", $0, perSeconds: 60) },
            failureLimit: UrgentLimits.failures, bodyLimit: 64 << 10,
            credentialProblems: [
                UrgentProblem.invalidInitData, UrgentProblem.initDataExpired, SignInProblem.registrationClosed,
            ], word: UrgentWords.word)
        self.partners = partners
        var recharging = options.recharges
        recharging.bot = bot?.username
        recharges = Recharges(
            database: database, payments: partners.payments, events: events, users: users, terms: recharging,
            reach: options.terms.reach)
        let notices = BoardNotices(username: bot?.username, bot: bot?.name ?? "urgent")
        news = BoardNews(
            database: database,
            rooms: NewsRooms(events: RoomEvents(database: database), masksContacts: options.terms.masksContacts),
            notices: notices, notifications: partners.notifications, jobs: partners.jobs, terms: options.terms)
        digests = Digests(
            database: database, notices: notices, notifications: partners.notifications, jobs: partners.jobs,
            places: options.terms.executors)
        sockets = BoardSockets(database: database, authenticator: authenticator, dialect: dialect, clock: partners.clock, prefix: prefix)
    }
}

extension UrgentDoors.Options {
    package init(_ settings: Settings, loops: Int) {
        self.init()
        terms = UrgentTerms(settings)
        proofLife = .seconds(settings[TelegramSettings.maxAge])
        botID = settings[UrgentSettings.botID].map(Int64.init)
        if let key = settings[TelegramSettings.publicKey].flatMap({ Hex.decode($0) }).flatMap({ Ed25519PublicKey($0) }) { telegram = key }
        admins = settings[UrgentSettings.admins].compactMap { Int($0) }
        timerSeconds = settings[UrgentSettings.timer]
        prefix = settings[UrgentSettings.prefix]
        recharges.method = settings[RechargeSettings.method]
        recharges.isFree = settings[RechargeSettings.isFree]
        func limit(_ count: Int) -> Int? { count == 0 ? nil : count }
        guestsPerMinute = limit(settings[UrgentSettings.guestsPerMinute])
        usersPerMinute = limit(settings[UrgentSettings.usersPerMinute])
        self.loops = loops
    }
}
