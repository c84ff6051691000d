import JSON
import Postgres
import Support
import Testing

@Suite struct IdempotencyTests {
    private let body: JSONValue = ["name": "Stool", "price": 30]

    @Test func theSameKeyGivesTheStoredAnswer() async throws {
        try await withShop { server in
            let key = ["Idempotency-Key": "k1"]
            let first = try await server.send("POST", "/things", token: "reader", fields: key, body: body)
            let second = try await server.send("POST", "/things", token: "reader", fields: key, body: body)
            #expect(first.status == 201)
            #expect(first.field("idempotency-replayed") == nil)
            #expect(second.status == 201)
            #expect(second.field("idempotency-replayed") == "true")
            #expect(second.body == first.body)
            #expect(second.field("location") == first.field("location"))
            let other = try await server.send(
                "POST", "/things", token: "reader", fields: key, body: ["name": "Table", "price": 1])
            #expect(other.status == 422)
            #expect(other.code == "idempotency_key_reused")
            // Another caller's key is another key.
            let foreign = try await server.send(
                "POST", "/things", token: "other", fields: key, body: ["name": "Table", "price": 1])
            #expect(foreign.status == 201)
        }
    }

    /// Repeating what is done is no conflict, however many do.
    @Test func whatIsDoneIsRepeatedByManyAtOnce() async throws {
        try await withShop { server in
            let key = ["Idempotency-Key": "k2"]
            let first = try await server.send("POST", "/things", token: "reader", fields: key, body: body)
            try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await server.send("POST", "/things", token: "reader", fields: key, body: body)
                    }
                }
                for try await answer in group { #expect(answer.status == 201 && answer.body == first.body) }
            }
        }
    }

    /// An answer may hold a secret; who reads the table does not read it.
    @Test func whatIsKeptIsSealed() async throws {
        try await withShop { server in
            let key = ["Idempotency-Key": "k4"]
            let made = try await server.send("POST", "/things", token: "reader", fields: key, body: body)
            #expect(made.status == 201 && made.text.contains("Stool"))
            let kept = try await server.database.all(
                Statement<[UInt8]>("select response from api.idempotency_keys where key = 'k4'"))
            #expect(kept.count == 1 && !String(decoding: kept[0], as: UTF8.self).contains("Stool"))
            // Sealed for its own key: copied to another it opens nothing.
            try await server.database.execute(
                Command(
                    """
                    insert into api.idempotency_keys (caller, operation, key, body_hash, status, content_type, response)
                    select caller, operation, 'k5', body_hash, status, content_type, response from api.idempotency_keys
                    """))
            let copied = try await server.send(
                "POST", "/things", token: "reader", fields: ["Idempotency-Key": "k5"], body: body)
            #expect(copied.status == 500)
        }
    }

    /// Before answers were sealed they were kept as they are; such a one is given again until its day is over.
    @Test func whatWasKeptInClearIsGivenAgain() async throws {
        try await withShop { server in
            let key = ["Idempotency-Key": "k6"]
            let made = try await server.send("POST", "/things", token: "reader", fields: key, body: body)
            try await server.database.execute(
                Command("update api.idempotency_keys set response = \(made.body) where key = 'k6'"))
            let again = try await server.send("POST", "/things", token: "reader", fields: key, body: body)
            #expect(again.status == 201 && again.body == made.body)
        }
    }

    @Test func aRefusalIsKeptAndUndoesItsEffect() async throws {
        try await withShop { server in
            let key = ["Idempotency-Key": "k2"]
            let dear: JSONValue = ["name": "Stool", "price": 901]
            #expect(try await server.send("POST", "/things", token: "reader", fields: key, body: dear).status == 409)
            let again = try await server.send("POST", "/things", token: "reader", fields: key, body: dear)
            #expect(again.code == "too_dear")
            #expect(again.field("idempotency-replayed") == "true")
        }
    }

    @Test func aThousandAtOnceHaveOneEffect() async throws {
        try await withShop { server in
            let statuses = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                for _ in 0..<1000 {
                    group.addTask {
                        try await server.send(
                            "POST", "/things", token: "reader", fields: ["Idempotency-Key": "k3"], body: body)
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1.status, default: 0] += 1 }
            }
            #expect((statuses[201] ?? 0) >= 1)
            #expect((statuses[201] ?? 0) + (statuses[409] ?? 0) + (statuses[503] ?? 0) == 1000)
            #expect(try await server.send("GET", "/things", token: "reader").meta["total"] == 1)
        }
    }

    @Test(arguments: ["", String(repeating: "x", count: 256), "a b"])
    func malformedKeysAreRefused(key: String) async throws {
        try await withShop { server in
            let answer = try await server.send(
                "POST", "/things", token: "reader", fields: ["Idempotency-Key": key], body: body)
            #expect(answer.status == 400)
            #expect(answer.code == "idempotency_key_invalid")
        }
    }
}
