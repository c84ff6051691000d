import Dispatch
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
        await #expect(throws: BlockingPool.Overloaded.self) { try await pool.run { 3 } }
        gate.signal()
        #expect(try await first == 1)
        #expect(try await second == 2)
        #expect(pool.statistics.refused == 1)
    }
}

private func wait(_ semaphore: DispatchSemaphore) { semaphore.wait() }
