import Files
import Identity
import JSON
import Jobs
import Notifications
import Postgres
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Tickets

/// Two shops with a desk each, the platform, and people of every sort.
struct TicketWorld: Sendable {
    let shop = Scope("shop", .v7())
    let otherShop = Scope("shop", .v7())
    let desk = Scope("desk", .v7())
    let secondDesk = Scope("desk", .v7())
    let otherDesk = Scope("desk", .v7())
    let people: TestPeople

    init() {
        var people = TestPeople()
        people.add("root", Self.role("super_admin", 100, [.all]), on: .platform)
        people.add("clerk", Self.role("support", 40, [.supportRead, .supportUpdate]), on: .platform)
        people.add("second clerk", Self.role("support", 40, [.supportRead, .supportUpdate]), on: .platform)
        people.add("boss", Self.role("admin", 80, [.supportRead, .supportUpdate, .supportManage]), on: .platform)
        let managing = Self.role(
            "manager", 50, [.supportRead, .supportCreate, .supportUpdate, .supportManage], on: "shop")
        people.add("manager", managing, on: shop)
        people.add("stranger", managing, on: otherShop)
        people.add("bookkeeper", Self.role("bookkeeper", 20, [.supportRead], on: "shop"), on: shop)
        people.add("helper", Self.role("helper", 20, [.supportCreate], on: "shop"), on: shop)
        people.add("second helper", Self.role("helper", 20, [.supportCreate], on: "shop"), on: shop)
        let sitting = Self.role("sitter", 10, [.supportCreate], on: "desk", byHand: false)
        people.add("sitter", sitting, on: desk)
        people.add("tablemate", sitting, on: desk)
        people.add("neighbour", sitting, on: secondDesk)
        people.add("two desks", sitting, on: desk)
        people.add("two desks", sitting, on: secondDesk)
        people.add("outsider", sitting, on: otherDesk)
        people.add("nobody")
        self.people = people
    }

    private static func role(
        _ name: String, _ level: Int, _ permissions: [Permission], on type: ScopeType = .platform, byHand: Bool = true
    ) -> Role {
        Role(
            name, title: name, product: "test", level: level, on: [type], permissions: permissions, isGrantedByHand: byHand)
    }

    private static let kinds: [ScopeKind] = [
        .top("shop", all: "select id from public.shops"),
        .under("shop", "desk", links: "select id, shop_id as parent_id from public.desks"),
    ]

    func door(_ platform: TestPlatform) -> Tickets {
        let database = platform.database
        let shops = TicketProfile(
            scopeType: "shop", product: "test", series: "ISS", digits: 6, isYearly: false, policy: .platform,
            measure: .resolution, hours: [.critical: 2, .high: 8, .medium: 24, .low: 72], autoCloseHours: 72,
            reopenHours: 24, waitingDays: 7, defaultCategory: "other", placeType: "desk", managerRoles: ["manager"]
        ) { [people] _, category in
            category == "lamps" ? [people["helper"], people["second helper"]] : []
        }
        let clerks = [people["clerk"], people["second clerk"]]
        return Tickets(
            database: database, scopes: ScopeTree(database: database, kinds: Self.kinds), book: RoleBook(people.allRoles),
            profiles: [.platform { _, _ in clerks }, shops], events: platform.outbox,
            notifications: Notifications(
                database: database, jobs: Jobs(database: database), events: platform.outbox,
                dataKey: [UInt8](repeating: 7, count: 32), channels: Channels(email: SandboxEmail()),
                contacts: UserContacts(database), clock: platform.clock,
                log: platform.log),
            files: FileUse(database: database, jobs: Jobs(database: database), clock: platform.clock), clock: platform.clock)
    }

    func settle(_ database: Database) async throws {
        try await database.administer(
            "create table public.shops (id uuid primary key); create table public.desks (id uuid primary key, shop_id uuid)")
        try await people.settle(database)
        try await database.write([
            Command("insert into public.shops select unnest(\([shop.id!, otherShop.id!]))"),
            Command("insert into public.desks values (\(desk.id!), \(shop.id!)), (\(secondDesk.id!), \(shop.id!))"),
            Command("insert into public.desks values (\(otherDesk.id!), \(otherShop.id!))"),
            Command(
                """
                insert into tickets.categories (id, scope_type, code, names, is_system)
                values (\(UUID.v7()), 'shop', 'other', '{"en": "Other"}', true), (\(UUID.v7()), 'shop', 'lamps', '{"en": "Lamps"}', true)
                """),
        ])
    }
}

/// A server with the module, settled.
struct TicketServer: Sendable {
    let world: TicketWorld
    let server: TestServer
    let tickets: Tickets
    var database: Database { server.database }

    func send(_ method: String, _ path: String, as name: String?, _ body: JSONValue? = nil) async throws -> TestAnswer {
        try await server.send(method, "/api/v1" + path, token: name, body: body)
    }

    func open(
        as name: String, _ members: [(name: String, value: JSONValue)] = [], title: String = "The lamp is broken"
    ) async throws -> TestAnswer {
        var body: [(name: String, value: JSONValue)] = [("title", .string(title)), ("description", "It flickers.")]
        body += members
        return try await send("POST", "/tickets", as: name, .object(body))
    }

    var inShop: [(name: String, value: JSONValue)] {
        [("scopeType", "shop"), ("scopeId", .string(world.shop.id!.description))]
    }

    /// A ticket in the shop.
    func path(as name: String = "sitter", _ members: [(name: String, value: JSONValue)] = []) async throws -> String {
        let answer = try await open(as: name, inShop + members)
        return "/tickets/" + (try #require(answer.data["id"]?.string, "\(answer.text)"))
    }

    func texts(_ sql: SQL) async throws -> [String] { try await database.all(Statement<String>(sql)) }
}

func withTickets(_ body: @escaping @Sendable (TicketServer) async throws -> Void) async throws {
    let world = TicketWorld()
    let door = Mutex<Tickets?>(nil)
    try await withServer { platform in
        try await world.settle(platform.database)
        let tickets = world.door(platform)
        door.withLock { $0 = tickets }
        let audit = Audit(database: platform.database, clock: platform.clock, log: platform.log)
        return TestComposition(
            authenticator: world.people,
            modules: [TicketsModule(tickets, trail: StaffTrail(audit, RoleBook(world.people.allRoles)))])
    } _: { server in
        guard let tickets = door.withLock({ $0 }) else { preconditionFailure("the server was composed") }
        try await body(TicketServer(world: world, server: server, tickets: tickets))
    }
}
