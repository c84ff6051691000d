import Cache
import JSON
import Postgres
import Runtime
import Service
import Support
import Synchronization
import Values

/// Notes with an owner each: answers that differ by caller, a write that drops in its transaction, and one that declares
/// what it drops.
struct Notes: Module {
    let name = "notes"
    let database: Database
    let cache: Cache
    /// Called when a note has been read, before it is answered.
    let pause: @Sendable () async -> Void
    let reads = ReadCount()
    static var statements: [StatementSample] { [] }

    final class ReadCount: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func add() { count.withLock { $0 += 1 } }
    }

    init(_ database: Database, _ cache: Cache, pause: @escaping @Sendable () async -> Void = {}) {
        self.database = database
        self.cache = cache
        self.pause = pause
    }

    func start() async throws {
        try await database.execute(Command("create table if not exists notes (id bigint primary key, text bigint not null)"))
        try await database.execute(Command("insert into notes values (1, 0), (2, 0), (3, 0) on conflict do nothing"))
    }

    struct Note: Shaped {
        let text: Int
        let reader: String
        static let shape = Shape(
            "Note", Self.init(text:reader:), Field("text", { $0.text }), Field("reader", { $0.reader }))
    }

    struct Text: Shaped {
        let text: Int
        static let shape = Shape("NoteText", Self.init(text:), Field("text", { $0.text }))
    }

    struct Filter: Shaped {
        let a: String?
        let b: String?
        static let shape = Shape("NoteFilter", Self.init(a:b:), Field("a", { $0.a }), Field("b", { $0.b }))
    }

    static func read(_ id: Int) -> Statement<Int> { Statement("select text from notes where id = \(id)") }

    static func write(_ id: Int, _ text: Int) -> Command {
        Command("update notes set text = \(text) where id = \(id)")
    }

    private func note(_ call: Call) async throws -> Note {
        guard let id = Int(try call.text("id")), let text = try await database.first(Self.read(id)) else {
            throw HouseProblem.notFound
        }
        reads.add()
        await pause()
        let who = call.caller.principal.map { "\($0.name) \($0.grants.flatMap(\.permissions.codes))" } ?? "guest"
        return Note(text: text, reader: who)
    }

    var operations: [Operation] {
        [
            .get("/notes/{id}", "getNote", "Own", tag: "Notes", who: .permission("notes:read"), query: Filter.self, answer: Note.self) {
                call, _ in
                try call.caller.require("notes:read", on: [Scope("house", .zero)])
                let note = try await note(call)
                call.setField("X-Reader", note.reader)
                return note
            }.cached(as: "note:{id}", for: .seconds(60)),
            .get("/board/{id}", "getBoard", "Everybody's", tag: "Notes", who: .anyone, answer: Note.self) { call in
                let note = try await note(call)
                return Note(text: note.text, reader: "all")
            }.cached(as: "board:{id}", audience: .everyone),
            .get("/drafts/{id}", "getDraft", "Not to be kept", tag: "Notes", who: .signedIn, answer: Note.self) { call in
                call.keepsAnswer = false
                return try await note(call)
            }.cached(as: "draft:{id}"),
            .command(.put, "/texts/{id}", "putText", "Write", tag: "Notes", who: .anyone, body: Text.self) { call, body in
                let id = Int(try call.text("id")) ?? 0
                try await database.transaction { _ in
                    try await database.execute(Self.write(id, body.text))
                    try await cache.del("note:\(id)", "board:\(id)")
                }
            },
            .command(.post, "/scribbles/{id}", "scribble", "Write", tag: "Notes", who: .anyone, body: Text.self) { call, body in
                try await database.execute(Self.write(Int(try call.text("id")) ?? 0, body.text))
                if body.text < 0 { throw HouseProblem.conflict }
            }.invalidating("note:{id}", "board:*"),
        ]
    }

    /// Readers, one of them with other rights on each day, somebody without any, and an operator.
    static let people: ShopPeople = {
        var people = ShopPeople()
        people.add("anna", Scope("house", .zero), ["notes:read"])
        people.add("boris", Scope("house", .zero), ["notes:read"])
        people.add("anna, promoted", Scope("house", .zero), ["notes:read", "notes:write"], as: "anna")
        people.add("anna, dismissed", Scope("house", .zero), [], as: "anna")
        people.add("stranger", Scope("house", .v7()), ["notes:read", "queues:read", "queues:manage"])
        people.add("operator", .platform, ["queues:read", "queues:manage"])
        people.add("watcher", .platform, ["queues:read"])
        return people
    }()
}

/// People known by a word as their token.
struct ShopPeople: Authenticator {
    private var principals: [String: Principal] = [:]

    /// - Parameter user: whose other rights these are.
    mutating func add(_ name: String, _ scope: Scope, _ permissions: [Permission], as user: String? = nil) {
        let grants = [Grant(role: "r", level: 1, scope: scope, permissions: PermissionSet(role: permissions))]
        principals[name] = Principal(
            kind: .user, userID: user.flatMap { principals[$0]?.userID } ?? .v7(), name: user ?? name, grants: grants,
            sessionID: nil, expiresAt: .distantFuture)
    }

    func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? {
        principals[String(decoding: token, as: UTF8.self)]
    }

    func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? {
        principals[token]
    }
}
