import Crypto
import Identity
import Jobs
import JSON
import Notifications
import Payments
import Postgres
import Realtime
import Service
import Support
import Synchronization
import Telegram
import Telemetry
import Testing
import Values

@testable import UrgentServices

/// The board behind a server, and people who use it.
struct Board: Sendable {
    let server: TestServer
    let doors: UrgentDoors
    let module: UrgentServicesModule
    let identity: IdentityModule
    let neighbours: Neighbours
    /// What operators have set.
    let rules: RuleBoard
    var database: Database { server.database }

    static let token = "7000000001:AAExampleTokenForSpecVector0000000"

    /// A customer and four executors; whoever else comes has a number of his own.
    enum Person {
        static let customer = 1001
        static let e1 = 2001, e2 = 2002, e3 = 2003, e4 = 2004
        static let stranger = 3001
    }

    // MARK: Proofs

    /// Init data of somebody, as Telegram would have signed it.
    static func initData(
        _ id: Int, name: String = "Иван", age: Duration = .zero, token: String = token, more: [(String, String)] = [], user: String? = nil
    ) -> String {
        let date = (Instant.now - age).secondsSince1970
        let person = user ?? #"{"id":\#(id),"first_name":"\#(name)","username":"user\#(id)","language_code":"ru"}"#
        let fields = [("auth_date", "\(date)"), ("query_id", "AAH"), ("user", person)] + more
        let lines = fields.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }.map { "\($0.0)=\($0.1)" }
        let key = HMACSHA256.authenticate(token, key: "WebAppData")
        let hash = Hex.encode(HMACSHA256.authenticate(lines.joined(separator: "\n"), key: key))
        return PercentEncoding.form(fields.map { (name: $0.0, value: $0.1) }) + "&hash=" + hash
    }

    // MARK: Speaking to the server

    func send(
        _ method: String, _ path: String, as user: Int? = nil, _ body: JSONValue? = nil, fields: [String: String] = [:],
        token: String? = nil
    ) async throws -> TestAnswer {
        try await server.send(
            method, "/api" + path, token: token ?? user.map { Self.initData($0) }, fields: fields, body: body)
    }

    func get(_ path: String, as user: Int? = nil) async throws -> TestAnswer { try await send("GET", path, as: user) }

    func post(_ path: String, as user: Int? = nil, _ body: JSONValue? = nil) async throws -> TestAnswer {
        try await send("POST", path, as: user, body)
    }

    // MARK: Making a world

    private static let numbers = Mutex(1_000_000)

    /// A body of an order; each has a contact of its own unless one is named.
    static func order(
        contact: String? = nil, city: String = "Москва", category: String = "Сантехника",
        description: String = "Прорвало трубу на кухне, нужен мастер"
    ) -> JSONValue {
        let number = numbers.withLock { number in
            number += 1
            return number
        }
        return [
            "category": .string(category), "description": .string(description), "city": .string(city),
            "contact": .string(contact ?? "@contact\(number)"),
        ]
    }

    /// An order of the customer, or of somebody else.
    func newOrder(
        by user: Int = Person.customer, contact: String? = nil, city: String = "Москва", category: String = "Сантехника"
    ) async throws -> String {
        let answer = try await post("/orders", as: user, Self.order(contact: contact, city: city, category: category))
        #expect(answer.status == 201, "\(answer.text)")
        return answer.json["id"]?.string ?? ""
    }

    /// Somebody with a balance in whole roubles.
    func come(_ user: Int, with roubles: Int = 100) async throws {
        #expect(try await get("/users/me", as: user).status == 200)
        let wallet = LedgerAccount.wallet(Scope("user", try await account(of: user)), .rub)
        guard roubles > 0 else { return }
        try await Wallets(ledger: doors.ledger).fill(
            Int64(roubles * 100), of: wallet, from: LedgerAccount(owner: .platform, code: "test", unit: "RUB"),
            Wallets.Reason("urgent", nil, key: "test:\(UUID.v7())"))
    }

    func account(of user: Int) async throws -> UUID {
        try await database.one(Statement<UUID>("select account_id from urgent.users where id = \(user)"))
    }

    func balance(of user: Int) async throws -> Int {
        try await database.one(
            Statement<Int>(
                """
                select (a.balance / 100)::bigint from urgent.users u join payments.accounts a on a.id = u.wallet_id
                 where u.id = \(user)
                """))
    }

    func count(_ sql: SQL) async throws -> Int { try await database.one(Statement<Int>(sql)) }

    func take(_ order: String, by user: Int) async throws -> TestAnswer { try await post("/orders/\(order)/take", as: user) }

    func status(of order: String) async throws -> String? { try await get("/orders/\(order)", as: Person.customer).json["status"]?.string }

    /// Lets time pass for an order: everything of it was so many minutes earlier.
    func age(_ order: String, minutes: Double) async throws {
        try await database.execute(
            Command(
                """
                update urgent.unanswered set due_at = due_at - make_interval(secs => \(minutes * 60)::float8)
                 where order_id = \(order)
                """))
        try await database.execute(
            Command(
                """
                update urgent.orders o
                   set created_at = created_at - x.d, expires_at = expires_at - x.d, first_taken_at = first_taken_at - x.d,
                       no_response_at = no_response_at - x.d, customer_responded_at = customer_responded_at - x.d,
                       closed_at = closed_at - x.d,
                       taken_at = (select coalesce(array_agg(t - x.d order by n), '{}') from unnest(o.taken_at) with ordinality u(t, n))
                  from (select make_interval(secs => \(minutes * 60)::float8) as d) x
                 where o.id = \(order)
                """))
    }

    /// What the timer does every few seconds.
    @discardableResult
    func tick() async throws -> Int { try await OrderTimer(orders: doors.orders).run(.silent) }

    /// Scenario 45: money and takes agree, whatever has happened.
    func checkInvariants() async throws {
        #expect(try await count("select count(*) from payments.accounts a where a.is_wallet and a.balance < 0") == 0)
        #expect(
            try await count(
                """
                select count(*) from (select a.id from payments.accounts a left join payments.entries e on e.account_id = a.id
                  group by a.id having a.balance <> coalesce(sum(e.amount), 0)) x
                """) == 0)
        #expect(try await count("select coalesce(sum(amount), 0)::bigint from payments.entries") == 0)
        #expect(
            try await count(
                """
                select count(*) from urgent.orders o
                 where o.takes_count > 3 or o.takes_count <> (select count(*) from urgent.executor_takes t where t.order_id = o.id)
                """) == 0)
    }
}

/// Runs `body` with the board behind a server.
///
/// - Parameters:
///   - push: who reaches browsers.
///   - hasSockets: whether `/api/ws` is served.
///   - hasToken: whether this process holds the bot's token.
///   - keepsFeeds: lists are kept, as in life; elsewhere tests change rows behind the board's back and look at once.
func withBoard(
    policy: Policy = Policy(rateLimit: nil), push: PushProviders = .nobody, hasSockets: Bool = false,
    keepsFeeds: Bool = false,
    options: UrgentDoors.Options = UrgentDoors.Options(), proofLife: Duration = .days(1), isRegistrationOpen: Bool = true,
    hasToken: Bool = true,
    _ body: @escaping @Sendable (Board) async throws -> Void
) async throws {
    let made = Mutex<(UrgentServicesModule, IdentityModule, Neighbours, RuleBoard, RealtimeModule?)?>(nil)
    try await withServer(policy: policy) { platform in
        guard
            var identityOptions = IdentityOptions(
                dataKey: Array(repeating: 7, count: 32), issuer: "https://atrium.example", appURL: "https://app.example")
        else { preconditionFailure("32 bytes are a key") }
        identityOptions.bcryptRounds = 4
        identityOptions.isRegistrationOpen = { isRegistrationOpen }
        let neighbours = try Neighbours(platform, push: push, proofLife: proofLife)
        let identity = IdentityModule(
            database: platform.database, options: identityOptions, roles: [], kinds: [], locks: platform.locks,
            postman: NoPostman(), bots: TelegramBots([neighbours.bot]), notifications: neighbours.notifications,
            outbox: platform.outbox, loops: platform.loops.loops.count, log: platform.log,
            clock: platform.clock)
        var options = options
        options.loops = platform.loops.loops.count
        options.feedLife = keepsFeeds ? .seconds(60) : .zero
        let doors = UrgentDoors(
            database: platform.database, identity: identity, ledger: Ledger(database: platform.database), bot: hasToken ? neighbours.bot : nil,
            events: platform.outbox, partners: neighbours.partners(identity, platform), options: options)
        let module = UrgentServicesModule(doors)
        let realtime = hasSockets ? RealtimeModule(
            database: platform.database, authenticator: identity.authenticator, locks: platform.locks, kinds: [],
            contracts: module.contracts, policy: policy, loops: platform.loops, clock: platform.clock, log: platform.log) : nil
        made.withLock { $0 = (module, identity, neighbours, platform.board, realtime) }
        let modules: [any Module] = [identity, module] + (realtime.map { [$0] } ?? [])
        return TestComposition(authenticator: identity.authenticator, modules: modules)
    } _: { server in
        guard let (module, identity, neighbours, rules, realtime) = made.withLock({ $0 }) else {
            preconditionFailure("the server was composed")
        }
        let board = Board(server: server, doors: module.doors, module: module, identity: identity, neighbours: neighbours, rules: rules)
        let result: Result<Void, any Error>
        do { result = .success(try await body(board)) } catch { result = .failure(error) }
        await realtime?.stop(grace: .milliseconds(50))
        try result.get()
    }
}
