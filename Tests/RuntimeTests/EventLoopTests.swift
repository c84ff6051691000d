import CSystem
import Glibc
import Runtime
import Testing

@Suite struct EventLoopTests {
    @Test func everythingOfATaskStaysOnItsLoop() async throws {
        try await onLoop { loop in
            #expect(loop.inLoop)
            await nested(loop)
            async let child: Void = nested(loop)
            await child
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<3 { group.addTask { loop.inLoop } }
                for await inLoop in group { #expect(inLoop) }
            }
            try await loop.sleep(for: .milliseconds(1))
            #expect(loop.inLoop)
            let thread = try await BlockingPool("t", width: 1, limit: 1).run { EventLoop.current == nil }
            #expect(thread)
            #expect(loop.inLoop)
        }
    }

    @Sendable private func nested(_ loop: EventLoop) async { #expect(loop.inLoop) }

    @Test func timersFireInOrderOfTheirDeadlines() async throws {
        let order = try await onLoop { loop in
            let waiter = Waiter<[Int]>()
            nonisolated(unsafe) var fired: [Int] = []
            for (delay, name) in [(9, 3), (1, 1), (5, 2)] {
                loop.timer(after: .milliseconds(delay)) {
                    fired.append(name)
                    if fired.count == 3 { waiter.resume(returning: fired) }
                }
            }
            loop.timer(after: .milliseconds(3)) { fired.append(99) }.cancel()
            return try await waiter.value()
        }
        #expect(order == [1, 2, 3])
    }

    @Test func aCancelledSleepEndsAtOnce() async throws {
        try await onLoop { loop in
            let task = Task.immediate(executorPreference: loop) { try await loop.sleep(for: .seconds(3600)) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func aChannelClosedInABatchSeesNoMoreEvents() async throws {
        try await onLoop { loop in
            var ends: [Int32] = [0, 0]
            _ = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
            let waiter = Waiter<Int>()
            let channel = Echo(fd: ends[0], waiter: waiter)
            try loop.add(channel, .read)
            var byte: UInt8 = 7
            _ = write(ends[1], &byte, 1)
            #expect(try await waiter.value() == 1)
            loop.remove(channel)
            _ = write(ends[1], &byte, 1)
            try await loop.sleep(for: .milliseconds(2))
            #expect(channel.calls == 1)
            close(ends[0])
            close(ends[1])
        }
    }

    @Test func flushRunsOncePerRound() async throws {
        try await onLoop { loop in
            let channel = Echo(fd: -1, waiter: Waiter())
            for _ in 0..<5 { loop.markDirty(channel) }
            try await loop.sleep(for: .milliseconds(1))
            #expect(channel.flushes == 1)
        }
    }
}

private final class Echo: Channel, @unchecked Sendable {
    var calls = 0
    var flushes = 0
    let waiter: Waiter<Int>

    init(fd: Int32, waiter: Waiter<Int>) {
        self.waiter = waiter
        super.init(fd: fd)
    }

    override func onEvent(_ events: Events) {
        var byte: UInt8 = 0
        _ = read(fd, &byte, 1)
        calls += 1
        waiter.resume(returning: calls)
    }

    override func flush() { flushes += 1 }
}
