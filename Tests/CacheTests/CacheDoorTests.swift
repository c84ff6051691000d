import JSON
import Postgres
import Service
import Support
import Synchronization
import Telemetry
import Testing
import Values

@testable import Cache

/// What modules and operators do with the cache.
@Suite struct CacheDoorTests {
    @Test func theMethodsOfTheSeed() async throws {
        try await withNotes { stage, _ in
            let cache = stage.cache
            cache.set("a:1", [1], ttl: .seconds(10))
            cache.set("a:2", [2])
            cache.set("b", [3])
            #expect(cache.get("a:1") == [1] && cache.get("A:2") == [2] && cache.get("c") == nil)
            #expect(cache.exists("a:1") && !cache.exists("c"))
            stage.server.clock.advance(by: .seconds(10))
            #expect(!cache.exists("a:1") && cache.exists("a:2"))
            try await cache.del("b", "nothing")
            #expect(!cache.exists("b"))
            try await cache.delPattern("a:*")
            #expect(!cache.exists("a:2"))
            #expect(cache.increment("n") == 1 && cache.increment("n", by: 4) == 5)
            try await cache.clear()
            #expect(cache.increment("n") == 1)
            let stats = cache.getStats()
            #expect(stats.hits == 2 && stats.misses == 1 && stats.keys == 1 && stats.maxItems == 10_000)
            #expect(stats.hitRate == 0.6667)
        }
    }

    @Test func aValueIsMadeOnceForAllWhoAskAtOnce() async throws {
        try await withNotes { stage, _ in
            let made = Mutex(0)
            let (gate, opens) = AsyncStream<Void>.makeStream()
            let cache = stage.cache
            let values = Task {
                try await atOnce(10) { index in
                    try await TestLoops.run(on: index % 2) {
                        try await cache.value("v", ttl: .seconds(60)) {
                            made.withLock { $0 += 1 }
                            for await _ in gate {}
                            return [7]
                        }
                    }
                }
            }
            while made.withLock({ $0 }) == 0 { _ = try await stage.server.database.one(Statement<Int>("select 1")) }
            opens.finish()
            #expect(try await values.value == Array(repeating: [7], count: 10))
            #expect(made.withLock { $0 } == 1)
            struct Failed: Error {}
            await #expect(throws: Failed.self) { try await cache.value("w") { throw Failed() } }
            #expect(!cache.exists("w"))
        }
    }

    @Test func operatorsSeeAndDropWhatIsKept() async throws {
        try await withNotes { stage, _ in
            for _ in 0..<3 { _ = try await stage.get("/notes/1") }
            _ = try await stage.get("/notes/2")
            let stats = try await stage.get("/admin/cache/stats", as: "operator")
            #expect(stats.data["hits"] == 2 && stats.data["misses"] == 2 && stats.data["keys"] == 2, "\(stats.text)")
            #expect(stats.data["mostAccessed"]?.array?.first?["key"] == "atrium:note:1")
            #expect(stats.data["hitRate"]?.number?.description == "0.5")
            try await stage.withSecond { second in
                _ = try await second.get("/notes/1")
                let dropped = try await stage.server.send(
                    "POST", "/admin/cache/invalidate", token: "operator", body: ["pattern": "note:*"])
                #expect(dropped.status == 200 && dropped.data["removed"] == 2, "\(dropped.text)")
                #expect(try await stage.get("/notes/1").field("x-cache") == "MISS")
                let begun = ContinuousClock.now
                while try await second.get("/notes/1").field("x-cache") == "HIT" {
                    try #require(ContinuousClock.now - begun < .seconds(1))
                }
            }
            let rows: [(String, String, String?, JSONValue?, Int)] = [
                ("GET", "stats", nil, nil, 401), ("GET", "stats", "anna", nil, 403), ("GET", "stats", "stranger", nil, 403),
                ("GET", "stats", "watcher", nil, 200),
                ("POST", "invalidate", nil, ["pattern": "*"], 401), ("POST", "invalidate", "anna", ["pattern": "*"], 403),
                ("POST", "invalidate", "stranger", ["pattern": "*"], 403),
                ("POST", "invalidate", "watcher", ["pattern": "*"], 403),
                ("POST", "invalidate", "operator", ["pattern": ""], 422), ("POST", "invalidate", "operator", [:], 422),
                ("POST", "invalidate", "operator", ["pattern": "*", "x": 1], 422),
                ("POST", "invalidate", "operator", ["pattern": .string(String(repeating: "x", count: 201))], 422),
                ("POST", "invalidate", "operator", ["pattern": "*"], 200),
                ("POST", "warm", nil, nil, 401), ("POST", "warm", "anna", nil, 403), ("POST", "warm", "watcher", nil, 403),
                ("POST", "warm", "operator", nil, 202),
            ]
            for (method, path, token, body, status) in rows {
                let answer = try await stage.server.send(method, "/admin/cache/\(path)", token: token, body: body)
                #expect(answer.status == status, "\(method) \(path) by \(token ?? "nobody"): \(answer.text)")
            }
            // With a key it is a transaction: dropped when that is committed.
            _ = try await stage.get("/notes/1")
            let keyed = try await stage.server.send(
                "POST", "/admin/cache/invalidate", token: "operator", fields: ["Idempotency-Key": "k"],
                body: ["pattern": "*"])
            #expect(keyed.data["removed"] == 1, "\(keyed.text)")
        }
    }

    @Test func warmersRunAtTheStartAndWhenAsked() async throws {
        let runs = Mutex(0)
        let box = Mutex<Cache?>(nil)
        let warmer = CacheWarmer("notes") {
            runs.withLock { $0 += 1 }
            box.withLock { $0 }?.set("warm", [1])
        }
        struct Broken: Error {}
        let broken = CacheWarmer("broken") { throw Broken() }
        try await withNotes(warmers: [broken, warmer]) { stage, _ in
            func wait(for count: Int) async throws {
                while runs.withLock({ $0 }) < count || stage.cache.getStats().lastWarmup == nil {
                    _ = try await stage.server.database.one(Statement<Int>("select 1"))
                }
            }
            try await wait(for: 1)
            box.withLock { $0 = stage.cache }
            #expect(!stage.cache.exists("warm"))
            #expect(try await stage.server.send("POST", "/admin/cache/warm", token: "operator").status == 202)
            try await wait(for: 2)
            #expect(stage.cache.exists("warm"))
            let stats = try await stage.get("/admin/cache/stats", as: "operator")
            #expect(stats.data["lastWarmup"]?.string != nil)
        }
    }

    @Test func switchedOffItKeepsNothing() async throws {
        try await withDatabase(.migrated) { database in
            var options = CacheOptions()
            options.isEnabled = false
            let cache = Cache(
                database: database, options: options, metrics: MetricRegistry(loops: 2), log: .silent)
            cache.start()
            cache.set("a", [1])
            #expect(cache.get("a") == nil && !cache.isOpen && cache.getStats().maxItems == 0)
            #expect(try await cache.value("a") { [2] } == [2])
            // What it drops, others that keep things hear.
            let other = Cache(database: database, metrics: MetricRegistry(loops: 2), log: .silent)
            other.start()
            try await waitUntilOpen(other, database)
            other.set("a", [1])
            try await cache.del("a")
            while other.exists("a") { _ = try await database.one(Statement<Int>("select 1")) }
            // Too much for one notification: everything goes.
            other.set("z", [1])
            try await cache.del((0..<400).map { "key:\($0):" + String(repeating: "x", count: 20) })
            while other.exists("z") { _ = try await database.one(Statement<Int>("select 1")) }
        }
    }
}
