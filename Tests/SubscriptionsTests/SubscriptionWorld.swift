import Crypto
import HTTP
import Identity
import Invoices
import JSON
import Jobs
import Notifications
import Postgres
import Runtime
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Payments
@testable import Subscriptions

/// A product that sells to users, one that sells to shops, and people.
struct SubscriptionWorld: Sendable {
    let shop = Scope("shop", .v7())
    let people: TestPeople
    /// What a shop uses, as its product says.
    let used = Used()

    final class Used: Sendable {
        private let value = Mutex<[String: Int]>([:])
        var usage: [String: Int] {
            get { value.withLock { $0 } }
            set { value.withLock { $0 = newValue } }
        }
    }

    init() {
        func role(_ name: String, _ permissions: [Permission], _ type: ScopeType = .platform) -> Role {
            Role(name, title: name, product: "test", level: 1, on: [type], permissions: permissions)
        }
        var people = TestPeople()
        for name in ["reader", "stranger"] { people.add(name) }
        people.add("owner", role("owner", ["shops:pay"], "shop"), on: shop)
        people.add("seller", role("seller", ["subscriptions:read", "subscriptions:manage", "analytics:read"]), on: .platform)
        people.add("cashier", role("cashier", ["payments:read", "payments:manage", "invoices:read"]), on: .platform)
        self.people = people
    }

    var products: [SubscriptionProduct] {
        [
            SubscriptionProduct("news"),
            SubscriptionProduct(
                "shops", subscriberType: "shop", permission: "shops:pay", usage: { [used] _ in used.usage },
                contacts: { [owner = people["owner"]] _ in [owner] },
                // Maharashtra; the platform sells from Karnataka.
                taxState: { [shop] subscriber in subscriber == shop.id ? 27 : nil }),
        ]
    }
}

struct SubscriptionStage: Sendable {
    let world: SubscriptionWorld
    let server: TestServer
    let door: Subscriptions
    let outbox: Outbox
    let handlers: [EventHandler]
    let payments: Payments
    /// What both modules keep of people.
    let personal: [PersonalData]
    var database: Database { server.database }
    var clock: TestClock { server.clock }

    func send(
        _ method: String, _ path: String, as name: String?, _ body: JSONValue? = nil, key: String? = nil
    ) async throws -> TestAnswer {
        try await server.send(
            method, "/api/v1" + path, token: name, fields: key.map { ["Idempotency-Key": $0] } ?? [:], body: body)
    }

    /// A plan of the seller's.
    func plan(
        _ slug: String, _ amount: Int, product: String = "news", type: String = "user", kind: String = "basic",
        limits: JSONValue = [:], trialDays: Int = 0
    ) async throws -> String {
        let prices: JSONValue = amount == 0 ? [] : [["cycle": "monthly", "currency": "EUR", "amount": .number("\(amount)")]]
        let answer = try await send("POST", "/admin/subscriptions/plans", as: "seller", [
            "product": .string(product), "subscriberType": .string(type), "name": .string(slug), "slug": .string(slug),
            "type": .string(amount == 0 ? "free" : kind), "prices": prices, "limits": limits,
            "trialDays": .number("\(trialDays)"),
        ])
        return try #require(answer.data["id"]?.string, "\(answer.text)")
    }

    func subscribe(_ plan: String, as name: String = "reader") async throws -> TestAnswer {
        try await send("POST", "/subscriptions/subscribe", as: name, ["planId": .string(plan)])
    }

    /// Pays what is open, through the sandbox.
    @discardableResult
    func pay(_ id: String, as name: String = "reader", amount: String? = nil) async throws -> TestAnswer {
        var order: [(name: String, value: JSONValue)] = [("purpose", "subscription"), ("purposeId", .string(id))]
        if let amount { order.append(("amount", .number(amount))) }
        let created = try await send("POST", "/payments/create", as: name, .object(order), key: "\(UUID.v7())")
        guard created.status == 201 else { return created }
        let id = try #require(created.data["id"]?.string)
        return try await succeed(try #require(UUID(id)), as: name)
    }

    /// The sandbox says that a payment has succeeded.
    @discardableResult
    func succeed(_ payment: UUID, as name: String = "reader") async throws -> TestAnswer {
        let seen = try await send("GET", "/payments/\(payment)", as: name)
        let url = try #require(seen.data["checkout"]?["url"]?.string, "\(seen.text)")
        let checkout = String(url[url.firstRange(of: "/api/v1")!.lowerBound...])
        let fields = ["Content-Type": "application/x-www-form-urlencoded"]
        _ = try await server.send("POST", checkout, fields: fields, raw: Array("outcome=succeed".utf8))
        return try await send("POST", "/payments/verify", as: name, ["paymentId": .string(payment.description)])
    }

    func get(_ id: String, as name: String = "reader") async throws -> JSONValue {
        try await send("GET", "/subscriptions/\(id)", as: name).data
    }

    /// What the hourly job and those that it adds do, as often as workers would at once.
    func cycle() async throws {
        try await door.cycle()
        let due = try await texts("select data->>'subscriptionId' from jobs.jobs where name = 'subscription-renewal' and finished_at is null")
        for id in due { try await door.carryOut(ID(try #require(UUID(id)))) }
        try await database.execute(Command("delete from jobs.jobs where name = 'subscription-renewal'"))
    }

    func texts(_ sql: SQL) async throws -> [String] { try await database.all(Statement<String>(sql)) }

    func events() async throws -> [String] {
        try await texts("select event from api.outbox where event like 'subscription.%' order by id")
    }
}

func withSubscriptions(_ body: @escaping @Sendable (SubscriptionStage) async throws -> Void) async throws {
    let world = SubscriptionWorld()
    let kept = Mutex<(Subscriptions, Outbox, [EventHandler], Payments, [PersonalData])?>(nil)
    try await withServer { platform in
        let database = platform.database
        try await database.administer("create table public.shops (id uuid primary key)")
        try await database.execute(Command("insert into public.shops values (\(world.shop.id!))"))
        try await world.people.settle(database)
        let invoices = Invoices(
            database: database, events: platform.outbox,
            kinds: InvoiceKinds(Subscriptions.invoiceKinds(world.products)), clock: platform.clock)
        let jobs = Jobs(database: database)
        let door = Subscriptions(
            database: database, products: world.products, invoices: invoices,
            scopes: ScopeTree(database: database, kinds: [.top("shop", all: "select id from public.shops")]), gates: nil,
            events: platform.outbox, jobs: jobs,
            notifications: Notifications(
                database: database, jobs: jobs, events: platform.outbox, dataKey: [UInt8](repeating: 7, count: 32),
                channels: Channels(email: SandboxEmail()), clock: platform.clock, log: platform.log),
            clock: platform.clock)
        let returns = ReturnAddresses(standard: "http://app.test/", hosts: [])
        let audit = Audit(database: database, clock: platform.clock, log: platform.log)
        let trail = StaffTrail(audit, RoleBook(world.people.allRoles))
        let sandbox = SandboxProvider(
            database: database, secret: "s3cret", publicURL: "http://pay.test", clock: platform.clock)
        let paying = Payments(
            database: database, invoices: invoices, purposes: [SubscriptionPurpose(door)],
            providers: PaymentProviders([sandbox], database: database),
            followUp: PaymentFollowUp(events: platform.outbox, jobs: jobs, log: platform.log), cache: platform.cache,
            ring: SealingRing(current: .random(id: 1)), publicURL: "http://pay.test", clock: platform.clock)
        let module = SubscriptionsModule(door, payments: paying, returns: returns, trail: trail)
        let invoicing = InvoicesModule(invoices, trail: trail)
        let personal = module.personalData + invoicing.personalData
        kept.withLock { $0 = (door, platform.outbox, module.eventHandlers, paying, personal) }
        let payments = PaymentsModule(
            paying,
            payouts: Payouts(
                ledger: paying.ledger, kinds: [], ring: SealingRing(current: .random(id: 1)), followUp: paying.followUp),
            returns: returns,
            notifier: SandboxNotifier(sandbox, address: "http://nowhere.test") { _, _, _ in 200 }, trail: trail)
        return TestComposition(authenticator: world.people, modules: [module, invoicing, payments])
    } _: { server in
        guard let (door, outbox, handlers, payments, personal) = kept.withLock({ $0 }) else { preconditionFailure("the server was composed") }
        try await body(SubscriptionStage(
                world: world, server: server, door: door, outbox: outbox, handlers: handlers, payments: payments,
                personal: personal))
    }
}
