import Runtime
import Support
import Synchronization
import Telemetry
import Testing

@testable import Service

/// Readings that are given to whoever asks within a moment.
@Suite struct RecentReadsTests {
    /// Counts what is read, at a time that the test sets.
    private final class Source: Sendable {
        let count = Mutex(0)
        let reads: RecentReads<String, Int>

        init(for lifetime: Duration, limit: Int = 128) {
            let clock = Clockwork()
            self.clock = clock
            reads = RecentReads("test", for: lifetime, limit: limit, metrics: MetricRegistry(loops: 1)) { clock.time.withLock { $0 } }
        }

        private let clock: Clockwork

        func pass(_ time: Duration) { clock.time.withLock { $0 += time.nanoseconds } }

        func read(
            _ key: String = "a", for life: Duration = .seconds(60), during: @escaping @Sendable () -> Void = {}
        ) async throws -> Int {
            try await reads.read(key, on: TestLoops.group.loops[0]) { [self] in
                during()
                return .init(count.withLock { count in
                    count += 1
                    return count
                }, for: life)
            }
        }
    }

    private final class Clockwork: Sendable {
        let time = Mutex<UInt64>(0)
    }

    @Test func aReadingIsGivenForItsTimeAndNoLonger() async throws {
        let source = Source(for: .milliseconds(100))
        #expect(try await source.read() == 1)
        source.pass(.milliseconds(99))
        #expect(try await source.read() == 1)
        #expect(try await source.read("b") == 2)
        source.pass(.milliseconds(1))
        #expect(try await source.read() == 3)
        // What holds for less by itself, from when it was begun.
        source.pass(.milliseconds(100))
        #expect(try await source.read(for: .milliseconds(30), during: { source.pass(.milliseconds(20)) }) == 4)
        source.pass(.milliseconds(9))
        #expect(try await source.read() == 4)
        source.pass(.milliseconds(1))
        #expect(try await source.read(for: .zero) == 5)
        #expect(try await source.read() == 6)
    }

    @Test func whatHasBeenChangedIsReadAgain() async throws {
        let source = Source(for: .seconds(1))
        #expect(try await source.read() == 1)
        source.reads.forget()
        #expect(try await source.read() == 2)
        // A reading that was under way when it changed serves those who waited for it, and nobody after.
        source.reads.forget()
        #expect(try await source.read(during: { source.reads.forget() }) == 3)
        #expect(try await source.read() == 4)
        #expect(try await source.read() == 4)
    }

    @Test func nothingIsKeptForNoTimeAndNoMoreThanThereIsRoomFor() async throws {
        let never = Source(for: .zero)
        #expect(try await never.read() == 1)
        #expect(try await never.read() == 2)
        let small = Source(for: .seconds(1), limit: 2)
        for key in ["a", "b", "c"] { _ = try await small.read(key) }
        #expect(try await small.read("c") == 3)
        #expect(try await small.read("a") == 4)
    }

    @Test func aFailureIsNotKept() async throws {
        struct Failed: Error {}
        let source = Source(for: .seconds(1))
        await #expect(throws: Failed.self) {
            try await source.reads.read("a", on: TestLoops.group.loops[0]) { throw Failed() }
        }
        #expect(try await source.read() == 1)
    }
}
