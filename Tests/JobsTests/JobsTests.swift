import Postgres
import Support
import Testing
import Values

@testable import Jobs

@Suite struct JobsTests {
    @Test func aJobExistsIfAndOnlyIfItsTransactionIsCommitted() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            struct Undo: Error {}
            await #expect(throws: Undo.self) {
                try await database.transaction { _ in
                    try await bench.jobs.enqueue(Bench.kind, 1)
                    throw Undo()
                }
            }
            #expect(try await bench.states() == [])
            try await database.transaction { _ in
                _ = try await bench.jobs.enqueue(Bench.kind, 2)
            }
            #expect(try await bench.states() == ["waiting 0"])
        }
    }

    @Test func aKeyAdmitsOneUnfinishedJob() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let first = try await bench.jobs.enqueue(Bench.kind, 1, dedupe: "a")
            #expect(first != nil)
            #expect(try await bench.jobs.enqueue(Bench.kind, 2, dedupe: "a") == nil)
            #expect(try await bench.jobs.enqueue(Bench.kind, 3, dedupe: "b") != nil)
            try await bench.workers().workOff()
            #expect(try await bench.jobs.enqueue(Bench.kind, 4, dedupe: "a") != nil)
            #expect(try await bench.states() == ["completed 1", "completed 1", "waiting 0"])
        }
    }

    @Test func aDelayedJobWaitsForItsInstant() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let seen = Seen<Int>()
            let workers = bench.workers { number, _ in seen.add(number) }
            try await bench.jobs.enqueue(Bench.kind, 1, after: .seconds(60))
            try await bench.jobs.enqueue(Bench.kind, 2, at: bench.now + .seconds(120))
            try await bench.jobs.enqueue(Bench.kind, 3, at: bench.now - .seconds(1))
            #expect(try await bench.states() == ["delayed 0", "delayed 0", "waiting 0"])
            try await workers.workOff()
            #expect(seen.all == [3])
            bench.pass(.seconds(60))
            try await workers.workOff()
            #expect(seen.all == [3, 1])
            bench.pass(.seconds(60))
            try await workers.workOff()
            #expect(seen.all == [3, 1, 2])
        }
    }

    @Test func theCommitNamesTheQueueOnce() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let (heard, hears) = AsyncStream<String>.makeStream()
            let subscription = database.listen(
                Jobs.channel, hears: { if $0 { hears.yield("listening") } }, { hears.yield($0) })
            defer { subscription.cancel() }
            var iterator = heard.makeAsyncIterator()
            // Until the listener is there, notifications are lost.
            while let name = await iterator.next(), name != "listening" {}
            try await database.transaction { _ in
                for number in 0..<5 { try await bench.jobs.enqueue(Bench.kind, number) }
                try await bench.jobs.enqueue(Bench.kind, 9, after: .seconds(60))
            }
            try await database.execute(Command("select pg_notify('atrium_jobs', 'end')"))
            var names: [String] = []
            while let name = await iterator.next(), name != "end" { names.append(name) }
            #expect(names.filter { $0 == "counting" }.count == 1)
        }
    }
}
