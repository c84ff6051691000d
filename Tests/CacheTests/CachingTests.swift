import JSON
import Postgres
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Cache

/// Answers from the cache, over sockets.
@Suite struct CachingTests {
    /// 0-platform, scenario 34, and what stands beside the answer.
    @Test func theSecondOfTwoEqualReadsIsAHit() async throws {
        try await withNotes { stage, _ in
            let first = try await stage.get("/notes/1")
            let second = try await stage.get("/notes/1")
            #expect(first.field("x-cache") == "MISS" && second.field("x-cache") == "HIT")
            #expect(first.body == second.body && first.status == 200 && second.status == 200)
            #expect(stage.notes.reads.value == 1)
            for name in ["etag", "content-type", "cache-control", "x-reader"] {
                #expect(first.field(name) != nil && first.field(name) == second.field(name), "\(name)")
            }
            #expect(first.field("cache-control") == "private, no-cache")
            #expect(first.fields.count { $0.name == "x-cache" } == 1 && second.fields.count { $0.name == "x-cache" } == 1)
            let tag = try #require(first.field("etag"))
            let known = try await stage.get("/notes/1", ["If-None-Match": tag])
            #expect(known.status == 304 && known.body.isEmpty && known.field("x-cache") == "HIT")
            let head = try await stage.server.send("HEAD", "/notes/1", token: "anna")
            #expect(head.status == 200 && head.body.isEmpty && head.field("x-cache") == "HIT")
            #expect(head.field("content-length") == "\(first.body.count)")
            #expect(try await stage.get("/board/1").field("cache-control") == "public, no-cache")
            #expect(try await stage.server.send("GET", "/board/1").field("x-cache") == "HIT")
            stage.server.clock.advance(by: .seconds(61))
            #expect(try await stage.get("/notes/1").field("x-cache") == "MISS")
        }
    }

    @Test func pathAndQueryTellAnswersApartTheirOrderDoesNot() async throws {
        try await withNotes { stage, _ in
            let rows: [(String, String)] = [
                ("/notes/1?a=1&b=2", "MISS"), ("/notes/1?b=2&a=1", "HIT"), ("/notes/1?a=2&b=1", "MISS"),
                ("/notes/1?a=1", "MISS"), ("/notes/2?a=1", "MISS"), ("/notes/1", "MISS"), ("/notes/1?a=1", "HIT"),
            ]
            for (path, expected) in rows { #expect(try await stage.get(path).field("x-cache") == expected, "\(path)") }
            // A parameter spelled in another way reads the same note; under which name it would be found nobody knows.
            let odd = try await stage.get("/notes/%31")
            #expect(odd.status == 200 && odd.field("x-cache") == "BYPASS")
            let many = "/notes/1?" + (0..<40).map { "x\($0)=" }.joined(separator: "&")
            let refused = try await stage.get(many)
            #expect(refused.status == 422 && refused.field("x-cache") == "BYPASS")
            #expect(try await stage.get("/notes/1?x=1").field("x-cache") == "BYPASS")
        }
    }

    /// 0-platform, 7 (12).
    @Test func nobodyGetsWhatWasKeptForAnother() async throws {
        try await withNotes { stage, locks in
            for round in ["MISS", "HIT"] {
                for person in ["anna", "boris", "anna, promoted"] {
                    let answer = try await stage.get("/notes/1", as: person)
                    #expect(answer.field("x-cache") == round && answer.status == 200)
                    let reader = try #require(answer.data["reader"]?.string)
                    #expect(reader.hasPrefix(person.prefix(4)), "\(person) got \(reader)")
                    #expect(reader.contains("notes:write") == (person == "anna, promoted"))
                }
                for person in ["anna, dismissed", "stranger"] {
                    let refused = try await stage.get("/notes/1", as: person)
                    #expect(refused.status == 404 && refused.field("x-cache") == "BYPASS")
                }
                let guest = try await stage.get("/notes/1", as: nil)
                #expect(guest.status == 401 && guest.field("x-cache") == nil)
            }
            let gate = ScopeLock(status: 403, code: "shut", reason: "Shut.")
            locks.replaceAll([Scope("house", .v7()): gate])
            #expect(try await stage.get("/notes/1").field("x-cache") == "MISS", "a gate has been closed")
            locks.replaceAll([:])
            #expect(try await stage.get("/notes/1").field("x-cache") == "MISS", "and opened")
            #expect(try await stage.get("/drafts/1").field("x-cache") == "BYPASS")
            #expect(try await stage.get("/drafts/1").field("x-cache") == "BYPASS")
        }
    }

    @Test func aWriteIsSeenByTheNextReadHereAndSoonElsewhere() async throws {
        try await withNotes { first, _ in
            try await first.withSecond { second in
                for text in 1...20 {
                    for stage in [first, second] {
                        _ = try await stage.get("/notes/1")
                        #expect(try await stage.get("/notes/1").field("x-cache") == "HIT")
                    }
                    let writer = text % 2 == 0 ? first : second
                    let other = text % 2 == 0 ? second : first
                    try await writer.write(1, text)
                    let read = try await writer.get("/notes/1")
                    #expect(read.field("x-cache") == "MISS" && read.data["text"] == .number("\(text)"))
                    #expect(try await writer.get("/notes/1").field("x-cache") == "HIT", "its own call drops nothing again")
                    let begun = ContinuousClock.now
                    while try await other.get("/notes/1").data["text"] != .number("\(text)") {
                        try #require(ContinuousClock.now - begun < .seconds(1))
                    }
                }
            }
        }
    }

    @Test func aWriteThatDeclaresWhatItDropsDropsItHoweverItEnds() async throws {
        try await withNotes { stage, _ in
            for (text, status) in [(7, 204), (-1, 409)] {
                for path in ["/notes/1", "/notes/2", "/board/2"] { _ = try await stage.get(path) }
                let written = try await stage.server.send("POST", "/scribbles/1", body: ["text": .number("\(text)")])
                #expect(written.status == status)
                #expect(try await stage.get("/notes/1").data["text"] == .number("\(text)"))
                #expect(try await stage.get("/notes/2").field("x-cache") == "HIT")
                #expect(try await stage.get("/board/2").field("x-cache") == "MISS")
            }
        }
    }

    @Test func whatIsRolledBackDropsNothing() async throws {
        try await withNotes { stage, _ in
            _ = try await stage.get("/notes/1")
            struct Stop: Error {}
            try? await stage.server.database.transaction { _ in
                try await stage.cache.del("note:1")
                throw Stop()
            }
            #expect(try await stage.get("/notes/1").field("x-cache") == "HIT")
            try await stage.server.database.transaction { _ in
                try await stage.cache.del("note:1")
                #expect(try await stage.get("/notes/1").field("x-cache") == "HIT", "not yet")
            }
            #expect(try await stage.get("/notes/1").field("x-cache") == "MISS")
        }
    }

    /// Many ask at once, one reads; who asks after a write does not get what was read before it, and it is not kept.
    @Test func oneReadsForAllAndOnlyWhatWasReadAfterTheWriteIsKept() async throws {
        let (gate, opens) = AsyncStream<Void>.makeStream()
        let (arrivals, arrives) = AsyncStream<Void>.makeStream()
        let waits = Mutex(true)
        try await withNotes(pause: {
            guard waits.withLock({ $0 }) else { return }
            arrives.yield()
            for await _ in gate {}
        }) { stage, _ in
            let early = Task { try await atOnce(20) { _ in try await stage.get("/notes/1") } }
            for await _ in arrivals { break }
            while stage.server.http.counters.reduce(0, { $0 + $1.inFlight.current() }) < 20 {
                _ = try await stage.server.database.one(Statement<Int>("select 1"))
            }
            waits.withLock { $0 = false }
            try await stage.write(1, 5)
            let late = try await stage.get("/notes/1")
            #expect(late.data["text"] == 5 && late.field("x-cache") == "MISS")
            opens.finish()
            let answers = try await early.value
            #expect(answers.allSatisfy { $0.status == 200 && $0.data["text"] == 0 })
            #expect(stage.notes.reads.value == 2, "one for the twenty, one after the write")
            let after = try await stage.get("/notes/1")
            #expect(after.data["text"] == 5 && after.field("x-cache") == "HIT")
        }
    }

    /// Whoever reads for others is refused or leaves: somebody else does it.
    @Test func theOthersGoOnWhenTheOneWhoReadsFails() async throws {
        let (gate, opens) = AsyncStream<Void>.makeStream()
        let turns = Mutex(0)
        try await withNotes(pause: {
            guard turns.withLock({ $0 += 1; return $0 }) == 1 else { return }
            for await _ in gate {}
        }) { stage, _ in
            let first = Task { try await stage.get("/notes/1") }
            while turns.withLock({ $0 }) == 0 { _ = try await stage.server.database.one(Statement<Int>("select 1")) }
            let others = Task { try await atOnce(5) { _ in try await stage.get("/notes/1") } }
            while stage.server.http.counters.reduce(0, { $0 + $1.inFlight.current() }) < 6 {
                _ = try await stage.server.database.one(Statement<Int>("select 1"))
            }
            try await stage.server.database.execute(Command("delete from notes where id = 1"))
            opens.finish()
            #expect(try await first.value.status == 200)
            #expect(try await others.value.allSatisfy { $0.status == 200 })
            try await stage.cache.clear()
            let refused = try await atOnce(10) { _ in try await stage.get("/notes/1").status }
            #expect(refused == Array(repeating: 404, count: 10))
        }
    }

    /// Writers and readers at once, on two instances: whoever asks after a write has been answered sees it, on the writer's
    /// instance at once, on the other within a second.
    @Test func readsRacingWritesNeverSeeWhatWasThereBefore() async throws {
        try await withNotes { first, _ in
            try await first.withSecond { second in
                let truth = Atomic64()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for text in 1...60 {
                            try await first.write(2, text)
                            truth.publish(text)
                        }
                    }
                    for _ in 0..<6 {
                        group.addTask {
                            while truth.published < 60 {
                                let least = truth.published
                                let read = try await first.get("/notes/2")
                                let text = try #require(read.data["text"]?.number.flatMap { Int($0.description) })
                                #expect(text >= least, "\(text) after \(least)")
                            }
                        }
                    }
                    for _ in 0..<2 { group.addTask { while truth.published < 60 { _ = try await second.get("/notes/2") } } }
                    try await group.waitForAll()
                }
                let begun = ContinuousClock.now
                while try await second.get("/notes/2").data["text"] != 60 {
                    try #require(ContinuousClock.now - begun < .seconds(1))
                }
                #expect(first.cache.getStats().hits > 0)
            }
        }
    }

    @Test func withoutAListenerNothingIsKeptAndEverythingGoes() async throws {
        try await withNotes { stage, _ in
            _ = try await stage.get("/notes/1")
            stage.cache.set("x", [1])
            #expect(stage.cache.exists("x"))
            try await stage.server.database.execute(
                Command(
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                     where datname = current_database() and query like 'listen %' and pid <> pg_backend_pid()
                    """))
            while stage.cache.exists("x") { _ = try await stage.server.database.one(Statement<Int>("select 1")) }
            try await waitUntilOpen(stage.cache, stage.server.database)
            #expect(!stage.cache.exists("x"))
            #expect(try await stage.get("/notes/1").field("x-cache") == "MISS")
            // One that has not begun to hear keeps nothing.
            let deaf = Cache(database: stage.server.database, metrics: stage.server.metrics, log: .silent)
            deaf.set("x", [1])
            #expect(!deaf.isOpen && !deaf.exists("x") && deaf.get("x") == nil && deaf.increment("n") == nil)
        }
    }
}
