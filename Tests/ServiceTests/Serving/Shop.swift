import JSON
import Postgres
import Runtime
import Service
import Support
import Values

/// A module for the tests of the machinery: things with a name and a price, in one table.
struct Shop: Module {
    let name = "shop"
    let database: Database
    static var statements: [StatementSample] { [] }

    func start() async throws {
        _ = try await database.execute(
            Command("CREATE TABLE things (id uuid PRIMARY KEY, name text NOT NULL UNIQUE, price bigint NOT NULL)"))
    }

    struct Thing: Shaped, Row {
        let id: ID<Thing>
        let name: String
        let price: Int

        init(id: ID<Thing>, name: String, price: Int) {
            self.id = id
            self.name = name
            self.price = price
        }

        init(_ row: inout RowReader) throws {
            id = try row.next()
            name = try row.next()
            price = try row.next()
        }

        static let shape = Shape(
            "Thing", Self.init(id:name:price:), Field("id", { $0.id }), Field("name", { $0.name }),
            Field("price", { $0.price }))
    }

    struct NewThing: Shaped {
        let name: String
        let price: Int
        static let shape = Shape(
            "NewThing", Self.init(name:price:), Field("name", { $0.name }, .length(1...10)),
            Field("price", { $0.price }, .range(0...1000)))
    }

    struct PriceChange: Shaped {
        let price: Int
        static let shape = Shape("PriceChange", Self.init(price:), Field("price", { $0.price }, .range(0...1000)))
    }

    struct Filter: Shaped {
        let name: String?
        static let shape = Shape("ThingFilter", Self.init(name:), Field("name", { $0.name }))
    }

    enum Refusal: String, ProblemKind {
        case tooDear = "too_dear"
        var status: Int { 409 }
        var detail: String { "It costs too much." }
    }

    var operations: [Operation] {
        [
            .post(
                "/things", "createThing", "Create", tag: "Things", who: .signedIn, problems: [Refusal.tooDear],
                body: NewThing.self, answer: Thing.self, location: { "/things/\($0.id)" }, run: create),
            .get("/things/{id}", "getThing", "Read", tag: "Things", who: .permission("things:read"), answer: Thing.self) {
                call in
                let id: ID<Thing> = try call.id()
                guard let thing = try await database.first(Shop.thing(id)) else { throw HouseProblem.notFound }
                try call.caller.require("things:read", on: [])
                return thing
            },
            .get("/leaks", "leak", "Forgets to ask", tag: "Things", who: .permission("things:read"), answer: Thing.self) {
                _ in Thing(id: .new(), name: "secret", price: 1)
            },
            .patch(
                "/things/{id}", "changeThing", "Change", tag: "Things", who: .signedIn, body: PriceChange.self,
                answer: Thing.self, run: change),
            .delete("/things/{id}", "deleteThing", "Delete", tag: "Things", who: .signedIn, run: delete),
            .patch(
                "/leaks", "changeLeak", "Forgets to ask", tag: "Things", who: .signedIn, body: PriceChange.self,
                answer: Thing.self
            ) { _, body in Thing(id: .new(), name: "leak", price: body.price) },
            .list(
                "/things", "listThings", "List", tag: "Things", who: .signedIn, filter: Filter.self, item: Thing.self,
                sort: ["name", "-price"]
            ) { _, filter, page in
                let things = try await database.all(Shop.things(filter.name, page.limit, page.offset))
                return Page(things, total: try await database.one(Shop.count(filter.name)))
            },
            .action("/fail", "fail", "A bug", tag: "Things", who: .anyone, answer: Empty.self) { _ in
                struct Bug: Error {}
                throw Bug()
            },
            .action("/greet", "greet", "Who one is", tag: "Things", who: .anyone, answer: String.self) { call in
                call.caller.principal?.name ?? "guest"
            },
            .action("/money", "moveMoney", "Needs a key", tag: "Things", who: .signedIn, answer: Empty.self) { _ in
                Empty()
            }.movingMoney(),
        ]
    }

    @Sendable private func create(_ call: Call, _ new: NewThing) async throws -> Thing {
        if new.price > 900 { throw Refusal.tooDear }
        let thing = Thing(id: .new(), name: new.name, price: new.price)
        _ = try await database.execute(Shop.insert(thing))
        return thing
    }

    @Sendable private func change(_ call: Call, _ change: PriceChange) async throws -> Thing {
        let id: ID<Thing> = try call.id()
        return try await database.transaction { _ in
            guard let old = try await database.first(Shop.lock(id)) else { throw HouseProblem.notFound }
            try await call.caller.checkMatch()
            let thing = Thing(id: id, name: old.name, price: change.price)
            _ = try await database.execute(Shop.save(thing))
            return thing
        }
    }

    @Sendable private func delete(_ call: Call) async throws {
        let id: ID<Thing> = try call.id()
        try await database.transaction { _ in
            guard try await database.first(Shop.lock(id)) != nil else { throw HouseProblem.notFound }
            try await call.caller.checkMatch()
            _ = try await database.execute(Shop.delete(id))
        }
    }

    static func delete(_ id: ID<Thing>) -> Command { Command("DELETE FROM things WHERE id = \(id)") }

    static func lock(_ id: ID<Thing>) -> Statement<Thing> {
        Statement("SELECT id, name, price FROM things WHERE id = \(id) FOR UPDATE")
    }

    static func save(_ thing: Thing) -> Command {
        Command("UPDATE things SET price = \(thing.price) WHERE id = \(thing.id)")
    }

    static func thing(_ id: ID<Thing>) -> Statement<Thing> {
        Statement("SELECT id, name, price FROM things WHERE id = \(id)")
    }

    static func things(_ name: String?, _ limit: Int, _ offset: Int) -> Statement<Thing> {
        Statement(
            """
            SELECT id, name, price FROM things WHERE (\(name)::text IS NULL OR name = \(name))
            ORDER BY name LIMIT \(limit) OFFSET \(offset)
            """)
    }

    static func count(_ name: String?) -> Statement<Int> {
        Statement("SELECT count(*) FROM things WHERE (\(name)::text IS NULL OR name = \(name))")
    }

    static func insert(_ thing: Thing) -> Command {
        Command("INSERT INTO things (id, name, price) VALUES (\(thing.id), \(thing.name), \(thing.price))")
    }
}

/// Tokens `reader` and `other`: the first may read things everywhere.
struct ShopAuthenticator: Authenticator {
    let users = ["reader": UUID.v7(), "other": UUID.v7()]

    func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? { nil }

    func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? {
        guard let user = users[token] else { return nil }
        let codes: [Permission] = token == "reader" ? ["things:read"] : []
        let grant = Grant(role: "r", level: 1, scope: .platform, permissions: PermissionSet(role: codes))
        return Principal(
            kind: .user, userID: user, name: token, grants: [grant], sessionID: nil, expiresAt: .distantFuture)
    }
}

func withShop(
    policy: Policy = Policy(rateLimit: nil), _ body: @escaping @Sendable (TestServer) async throws -> Void
) async throws {
    try await withServer(
        policy: policy,
        compose: { platform in
            TestComposition(authenticator: ShopAuthenticator(), modules: [Shop(database: platform.database)])
        }, body)
}
