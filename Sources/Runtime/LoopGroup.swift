import CSystem
import Glibc
import Synchronization

/// The event loops of the process, each on a thread of its own.
package final class LoopGroup: Sendable {
    package let loops: [EventLoop]
    private let threads = Mutex<[pthread_t]>([])
    private let cursor = Atomic<Int>(0)

    /// - Parameter count: one per core is the useful maximum.
    package init(count: Int) throws {
        loops = try (0..<max(1, count)).map { try EventLoop(index: $0) }
    }

    /// Starts the threads. Signals must have been blocked before (`Signals.block`): threads inherit the mask.
    package func start() {
        for loop in loops {
            var thread = pthread_t()
            let argument = Unmanaged.passRetained(loop)
            let failure = pthread_create(&thread, nil, { argument in
                let loop = Unmanaged<EventLoop>.fromOpaque(argument!).takeRetainedValue()
                pthread_setname_np(pthread_self(), "loop-\(loop.index)")
                loop.run()
                return nil
            }, argument.toOpaque())
            precondition(failure == 0, "pthread_create: \(failure)")
            threads.withLock { $0.append(thread) }
        }
    }

    /// The loops in turn.
    package func next() -> EventLoop {
        loops[(cursor.add(1, ordering: .relaxed).oldValue & Int.max) % loops.count]
    }

    /// Ends every loop after the round under way and waits for the threads. Not to be called on a loop.
    package func stopAndJoin() {
        for loop in loops { loop.stop() }
        for thread in threads.withLock({ let all = $0; $0 = []; return all }) { pthread_join(thread, nil) }
    }
}
