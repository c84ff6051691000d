import Dispatch
import Glibc
import Runtime
import Testing

@Suite struct BlockingPoolTests {
    @Test func refusesWhatExceedsItsLine() async throws {
        let pool = BlockingPool("t", width: 1, limit: 1)
        let gate = DispatchSemaphore(value: 0)
        let started = DispatchSemaphore(value: 0)
        async let first: Int = pool.run {
            started.signal()
            gate.wait()
            return 1
        }
        await Task.detached { wait(started) }.value
        async let second: Int = pool.run { 2 }
        while pool.statistics.waiting == 0 { await Task.yield() }
        #expect(throws: BlockingPool.Overloaded.self) { try pool.refuseWhenFull() }
        await #expect(throws: BlockingPool.Overloaded.self) { try await pool.run { 3 } }
        gate.signal()
        #expect(try await first == 1)
        #expect(try await second == 2)
        #expect(pool.statistics.refused == 1)
        try pool.refuseWhenFull()
    }

    @Test func longWorkStandsBackForTheLoops() async throws {
        let usual = try await BlockingPool("t", width: 1, limit: 1).run { nice(0) }
        let pool = BlockingPool("t", width: 2, limit: 100, yields: true)
        let values = try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<20 { group.addTask { try await pool.run { nice(0) } } }
            return try await group.reduce(into: Set<Int32>()) { $0.insert($1) }
        }
        #expect(values == [min(19, usual + 10)])
        #expect(pool.statistics.refused == 0)
    }
}

private func wait(_ semaphore: DispatchSemaphore) { semaphore.wait() }
