import HTTP
import JSON
import Postgres
import Service
import Support
import Synchronization
import Telegram
import Testing
import Values

@testable import Bots
@testable import Identity
@testable import Jobs
@testable import Notifications

/// Telegram's Bot API with one bot of ours, and what people write to it.
final class BotWorld: Sendable {
    static let token = "7000000002:AAExampleTokenForBotTests0000000000"
    static let secret = "urgent-secret-0123456789-0123456789"
    static let path = "/api/v1/notifications/webhook/telegram/urgent"

    let service: EmulatedService
    private let failing: Switch

    private final class Switch: Sendable { let isOn = Mutex(false) }

    init() throws {
        let failing = Switch()
        self.failing = failing
        service = try EmulatedService { request in
            guard request.path.hasPrefix("/bot\(Self.token)/"), request.method == "POST" else { return .empty(404) }
            if failing.isOn.withLock({ $0 }) {
                return .json(["ok": false, "error_code": 502, "description": "Bad Gateway"], status: 502)
            }
            return .json(["ok": true, "result": request.path.hasSuffix("/sendMessage") ? ["message_id": 7] : true])
        }
    }

    func fail(_ isOn: Bool) { failing.isOn.withLock { $0 = isOn } }

    /// What was asked of a method, in order.
    func asked(_ method: String) -> [JSONValue] {
        service.seen.filter { $0.path.hasSuffix("/\(method)") }.map(\.json)
    }

    static func person(_ id: Int = 42, language: String? = "ru") -> JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("id", .number("\(id)")), ("is_bot", false), ("first_name", "Вера"),
        ]
        if let language { members.append(("language_code", .string(language))) }
        return .object(members)
    }

    static func message(_ text: String, id: Int, from person: JSONValue = person(), chat: String = "private") -> JSONValue {
        [
            "update_id": .number("\(id)"),
            "message": [
                "message_id": 5, "date": 1_770_000_000, "from": person, "text": .string(text),
                "chat": ["id": person["id"] ?? 0, "type": .string(chat)],
            ],
        ]
    }

    static func member(_ status: String, id: Int, chat: String = "private") -> JSONValue {
        [
            "update_id": .number("\(id)"),
            "my_chat_member": [
                "date": 1_770_000_000, "from": person(), "chat": ["id": 42, "type": .string(chat)],
                "old_chat_member": ["status": "member"], "new_chat_member": ["status": .string(status)],
            ],
        ]
    }
}

/// A server that hears of one bot's updates.
struct BotStage: Sendable {
    let world: BotWorld
    let server: TestServer
    let module: BotsModule
    let identity: IdentityModule
    let notifications: Notifications

    @discardableResult
    func hear(_ update: JSONValue, secret: String? = BotWorld.secret, path: String = BotWorld.path) async throws -> TestAnswer {
        try await server.send(
            "POST", path, fields: secret.map { ["X-Telegram-Bot-Api-Secret-Token": $0] } ?? [:], body: update)
    }

    func count(_ sql: SQL) async throws -> Int { try await server.database.one(Statement<Int>(sql)) }

    /// Lets workers carry out what waits, try after try.
    func work() async throws {
        let workers = JobWorkers(
            module.jobs + NotificationJobs.types(notifications), database: server.database,
            loops: [TestLoops.group.loops[0]], log: .silent)
        let unfinished = Statement<Int>("select count(*) from jobs.jobs where finished_at is null")
        while try await server.database.one(unfinished) > 0 {
            try await server.database.execute(Command("update jobs.jobs set run_at = now() where state = 'delayed'"))
            try await workers.round(isHousekeeping: true)
            await workers.idle()
            // A chat is written to once a second.
            server.clock.advance(by: .seconds(1))
        }
    }

    /// Somebody with an account, and the parameter of a link by which he connects it.
    func link(of email: String) async throws -> (id: ID<User>, parameter: String) {
        let now = identity.clock.now()
        let user = NewUser(email: EmailAddress(email), firstName: "Ann", lastName: "Lee", source: "test")
            .user(status: .active, passwordHash: nil, at: now)
        try await identity.users.insert(user)
        let link = try await identity.telegram.offerLink("urgent", to: user.id)
        return (user.id, String(link.deepLink.split(separator: "=")[1]))
    }
}

func withBot(
    voice: BotVoice? = BotVoice(
        "urgent", purpose: BotText("Urgent services.", ru: "Срочные услуги."), opening: BotText("Open", ru: "Открыть"),
        support: "https://t.me/support"),
    address: String? = nil, _ body: @escaping @Sendable (BotStage) async throws -> Void
) async throws {
    let world = try BotWorld()
    let box = Mutex<(BotsModule, IdentityModule, Notifications)?>(nil)
    try await withServer(compose: { platform in
        let bot = TelegramBot(
            name: "urgent", token: BotWorld.token, username: "urgent_bot", webhookSecret: BotWorld.secret,
            base: world.service.url, service: OutsideService("telegram", client: try TestLoops.client()), clock: platform.clock)
        let deaf = TelegramBot(
            name: "condo", token: BotWorld.token, base: world.service.url,
            service: OutsideService("telegram", client: try TestLoops.client()))
        let bots = TelegramBots([bot, deaf])
        let jobs = Jobs(database: platform.database)
        let notifications = Notifications(
            database: platform.database, jobs: jobs, events: platform.outbox, dataKey: Array(repeating: 7, count: 32),
            channels: Channels(email: nil, sms: SMSProviders([]), push: .nobody, telegram: .bots(bots)),
            clock: platform.clock, log: .silent)
        let options = IdentityOptions(
            dataKey: Array(repeating: 7, count: 32), issuer: "https://atrium.example", appURL: "https://app.example")!
        let identity = IdentityModule(
            database: platform.database, options: options, roles: [], kinds: [], locks: platform.locks,
            postman: NotifyingPostman(notifications), bots: bots, notifications: notifications, outbox: platform.outbox,
            loops: platform.loops.loops.count, log: platform.log, clock: platform.clock)
        let module = BotsModule(
            Bots(
                database: platform.database, bots: bots, accounts: identity.telegram, notifications: notifications, stars: nil,
                voices: voice.map { [$0] } ?? []),
            jobs: jobs, addresses: address.map { ["urgent": $0, "condo": $0] } ?? [:])
        box.withLock { $0 = (module, identity, notifications) }
        return TestComposition(authenticator: identity.authenticator, modules: [module])
    }) { server in
        let (module, identity, notifications) = try #require(box.withLock { $0 })
        try await body(
            BotStage(world: world, server: server, module: module, identity: identity, notifications: notifications))
    }
}
