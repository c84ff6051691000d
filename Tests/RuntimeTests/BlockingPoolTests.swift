import Dispatch
import Foundation
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

    /// Work that waits for something takes no thread from other work, nor from the tasks of the program.
    @Test func asMuchRunsAtOnceAsItIsWide() async throws {
        let pool = BlockingPool("t", width: 64, limit: 1)
        let gate = DispatchSemaphore(value: 0), arrived = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    try await pool.run {
                        arrived.signal()
                        return gate.wait(timeout: .now() + .seconds(20)) == .success
                    }
                }
            }
            // What other tests keep the tasks of the program from does not count.
            while pool.statistics.running < 64 { await Task.yield() }
            // On a thread of its own, so that nothing of this test is in its way.
            let all = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                Thread.detachNewThread {
                    let deadline = DispatchTime.now() + .seconds(10)
                    let all = (0..<64).allSatisfy { _ in arrived.wait(timeout: deadline) == .success }
                    for _ in 0..<64 { gate.signal() }
                    continuation.resume(returning: all)
                }
            }
            #expect(all)
            for try await isReleased in group { #expect(isReleased) }
        }
        while pool.statistics.running > 0 { await Task.yield() }
        #expect(pool.statistics.completed == 64)
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
