import Postgres
import Support
import Testing
import Values

@testable import Jobs

/// Jobs that are taken back, and what jobs have come to.
@Suite struct CancelTests {
    @Test func whatHasNotBegunIsGone() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let first = try #require(try await bench.jobs.enqueue(Bench.kind, 1))
            try await bench.jobs.enqueue(Bench.kind, 2, after: .seconds(60), dedupe: "b")
            #expect(try await bench.jobs.cancel(first))
            #expect(try await !bench.jobs.cancel(first))
            #expect(try await bench.jobs.cancel(Bench.kind, dedupe: "b"))
            #expect(try await !bench.jobs.cancel(Bench.kind, dedupe: "b"))
            #expect(try await bench.states() == [])
        }
    }

    @Test func cancellingIsPartOfTheTransaction() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            struct Undo: Error {}
            let id = try #require(try await bench.jobs.enqueue(Bench.kind, 1))
            await #expect(throws: Undo.self) {
                try await database.transaction { _ in
                    try await bench.jobs.cancel(id)
                    throw Undo()
                }
            }
            #expect(try await bench.states() == ["waiting 0"])
        }
    }

    @Test func whatIsUnderWayIsCancelledAndNotTriedAgain() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let gate = Gate()
            let (begun, begins) = AsyncStream<Int>.makeStream()
            let seen = Seen<String>()
            let workers = JobWorkers(
                [
                    JobType(Bench.kind) { number, _ in
                        begins.yield(number)
                        try await gate.pass()
                    } givenUp: { number, reason in
                        seen.add("\(number) \(reason)")
                    }
                ], database: database, loops: [TestLoops.group.loops[0]], clock: bench.clock, log: .silent)
            let id = try #require(try await bench.jobs.enqueue(Bench.kind, 1))
            workers.start()
            var iterator = begun.makeAsyncIterator()
            _ = await iterator.next()
            // A notification may come before the workers listen; each asks again.
            while try await bench.states() == ["active 1"] { try await bench.jobs.cancel(id) }
            await workers.stop(grace: .seconds(60))
            #expect(try await bench.states() == ["failed 1"])
            #expect(seen.all == ["1 cancelled"])
            #expect(try await !bench.jobs.cancel(id))
        }
    }

    @Test func whatAJobHasComeToIsKeptBesideIt() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let workers = bench.workers { number, context in
                if number == 1 { context.report(result: ["sent": 7]) }
                // PostgreSQL keeps no NUL.
                if number == 2 { context.report(result: "\u{0}") }
            }
            for number in 1...3 { try await bench.jobs.enqueue(Bench.kind, number) }
            try await workers.workOff()
            #expect(try await bench.states() == ["completed 1", "active 1", "completed 1"])
            #expect(try await bench.text("select result->>'sent' from jobs.jobs where state = 'completed' and data = '1'") == "7")
            #expect(try await bench.text("select (result is null)::text from jobs.jobs where data = '3'") == "true")
        }
    }
}
