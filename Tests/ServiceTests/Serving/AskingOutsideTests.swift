import JSON
import Postgres
import Service
import Support
import Synchronization
import Testing
import Values

/// POSTs that ask somebody outside: their key is claimed first, and a repetition goes on with the same effect.
@Suite struct AskingOutsideTests {
    private struct Asked: Shaped {
        let id: UUID
        let isContinued: Bool
        static let shape = Shape(
            "Asked", Self.init(id:isContinued:), Field("id", { $0.id }), Field("isContinued", { $0.isContinued }))
    }

    /// One operation that does what the test says.
    private struct Asking: Module {
        let name = "asking"
        static var statements: [StatementSample] { [] }
        let database: Database
        let ask: @Sendable (Effect) async throws -> Void

        var operations: [Operation] {
            [
                .action("/ask", "ask", "Ask", tag: "Asking", who: .signedIn, answer: Asked.self) { call in
                    #expect(!database.isInTransaction)
                    try await ask(call.effect)
                    return Asked(id: call.effect.id, isContinued: call.effect.isContinued)
                }.movingMoney().askingOutside()
            ]
        }
    }

    private func withAsking(
        _ ask: @escaping @Sendable (Effect) async throws -> Void,
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        try await withServer(compose: { platform in
            TestComposition(
                authenticator: ShopAuthenticator(), modules: [Asking(database: platform.database, ask: ask)])
        }, body)
    }

    private func send(_ server: TestServer, _ key: String = "k", body: JSONValue? = nil) async throws -> TestAnswer {
        try await server.send("POST", "/ask", token: "reader", fields: ["Idempotency-Key": key], body: body)
    }

    @Test func theSameKeyGivesTheStoredAnswer() async throws {
        let asked = Mutex(0)
        try await withAsking({ _ in asked.withLock { $0 += 1 } }) { server in
            let first = try await send(server)
            #expect(first.status == 200 && first.data["isContinued"] == false, "\(first.text)")
            let second = try await send(server)
            #expect(second.text == first.text && second.field("idempotency-replayed") == "true")
            #expect(try await send(server, body: [:]).code == "idempotency_key_reused")
            #expect(try await send(server, "other").data["id"] != first.data["id"])
            #expect(asked.withLock { $0 } == 2)
            let kept = try await server.database.one(
                Statement<Int>("select count(*) from api.idempotency_keys where position('isContinued' in encode(response, 'escape')) > 0"))
            #expect(kept == 0, "sealed")
            try await server.database.execute(
                Command("update api.idempotency_keys set created_at = now() - interval '25 hours' where key = 'k'"))
            #expect(try await send(server).data["id"] != first.data["id"], "its day is over")
        }
    }

    /// While it is under way, and with its process gone until the claim lapses.
    @Test func whatIsUnderWayIsNotBegunTwice() async throws {
        let (begun, begins) = AsyncStream<Void>.makeStream()
        let (open, opens) = AsyncStream<Void>.makeStream()
        try await withAsking({ effect in
            if effect.isContinued { return }
            begins.yield()
            for await _ in open {}
        }) { server in
            let first = Task { try await send(server) }
            for await _ in begun { break }
            let second = try await send(server)
            #expect(second.status == 409 && second.code == "idempotency_in_progress", "\(second.text)")
            #expect(try await send(server, body: [:]).code == "idempotency_key_reused")
            let effect = try await server.database.one(Statement<UUID>("select effect_id from api.idempotency_keys"))
            try await server.database.execute(Command("update api.idempotency_keys set claimed_until = now()"))
            let third = try await send(server)
            #expect(third.data["id"]?.string == "\(effect)" && third.data["isContinued"] == true, "\(third.text)")
            opens.finish()
            // It comes late; the answer that was kept stays.
            #expect(try await first.value.status == 200)
            #expect(try await send(server).text == third.text)
        }
    }

    @Test func aFailureIsGoneOnWithAndARefusalIsKept() async throws {
        struct Lost: Error {}
        let tries = Mutex(0)
        try await withAsking({ _ in
            let number = tries.withLock { $0 += 1; return $0 }
            if number == 1 { throw Lost() }
            if number == 2 { throw HouseProblem.conflict }
        }) { server in
            #expect(try await send(server).status == 500)
            let refused = try await send(server)
            #expect(refused.status == 409 && refused.code == "conflict", "\(refused.text)")
            let again = try await send(server)
            #expect(again.code == "conflict" && again.field("idempotency-replayed") == "true")
            #expect(tries.withLock { $0 } == 2)
        }
    }
}
