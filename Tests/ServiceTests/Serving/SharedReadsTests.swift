import Service
import Support
import Synchronization
import Testing

/// Readings that many share.
@Suite struct SharedReadsTests {
    /// A reading that ends when the test says so.
    private final class Reading: Sendable {
        let begun = Mutex(0)
        private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

        func read() async -> Int {
            let number = begun.withLock { begun in
                begun += 1
                return begun
            }
            await withCheckedContinuation { continuation in waiting.withLock { $0.append(continuation) } }
            return number
        }

        /// Ends a reading, if one is under way.
        @discardableResult
        func endOne() async -> Bool {
            await Task.yield()
            let first = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            first?.resume()
            return first != nil
        }

        /// Ends the reading under way, once there is one.
        func end() async { while await !endOne() {} }
    }

    private final class Counter: Sendable {
        let count = Mutex(0)
    }

    /// Whoever comes while one is under way is given the next, not that; and all of them the same.
    @Test func nobodyIsGivenAReadingThatBeganBeforeHeAsked() async throws {
        let reads = SharedReads<String, Int>(), reading = Reading()
        let loop = TestLoops.group.loops[0]
        let first = Task { try await reads.read("a", on: loop) { await reading.read() } }
        while reading.begun.withLock({ $0 }) == 0 { await Task.yield() }
        let joined = Counter()
        let others = (0..<50).map { _ in
            Task {
                joined.count.withLock { $0 += 1 }
                return try await reads.read("a", on: loop) { await reading.read() }
            }
        }
        while joined.count.withLock({ $0 }) < 50 { await Task.yield() }
        // Another key waits for nobody.
        let elsewhere = Task { try await reads.read("b", on: loop) { 7 } }
        #expect(try await elsewhere.value == 7)
        await reading.end()
        #expect(try await first.value == 1)
        // Whoever was about to ask when the first ended may find one more begun.
        let ending = Task { while !Task.isCancelled { await reading.endOne() } }
        for other in others { #expect(try await other.value >= 2) }
        ending.cancel()
        #expect(reading.begun.withLock { $0 } <= 10)
    }

    @Test func aFailureIsForThoseWhoSharedIt() async throws {
        struct Failed: Error {}
        let reads = SharedReads<Int, Int>()
        let loop = TestLoops.group.loops[0]
        await #expect(throws: Failed.self) { try await reads.read(1, on: loop) { throw Failed() } }
        #expect(try await reads.read(1, on: loop) { 5 } == 5)
    }
}
