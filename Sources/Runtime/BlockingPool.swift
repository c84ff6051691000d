import CSystem
import Dispatch
import Glibc
import Synchronization

/// Where work runs that would block a loop (bcrypt, files, `getaddrinfo`): Dispatch queues with a bound on what runs at
/// once and on what waits.
package final class BlockingPool: Sendable {
    /// The waiting line is full; the caller answers 503 with `Retry-After`.
    package struct Overloaded: Error, Sendable { package let pool: String }

    package struct Statistics: Sendable {
        package var running = 0
        package var waiting = 0
        package var completed: UInt64 = 0
        package var refused: UInt64 = 0
    }

    package let name: String
    private let width: Int
    private let limit: Int
    /// One for each piece of work that runs. Serial ones, each of which has a thread at once: a concurrent queue has as many
    /// as there are cores and one more a second when they block, and shares them with the tasks of the program.
    private let lanes: [DispatchQueue]
    private let yields: Bool
    private let state: Mutex<State>

    fileprivate struct State {
        /// Lanes that nothing runs on.
        var free: [Int]
        var waiting: [@Sendable () -> Void] = []
        var first = 0
        var statistics = Statistics()
    }

    /// - Parameters:
    ///   - width: how many pieces of work run at once.
    ///   - limit: how many wait; one more is refused.
    ///   - yields: the work is long and computes: it runs on threads that stand back for the loops when there are not
    ///     cores enough for both.
    package init(_ name: String, width: Int, limit: Int, yields: Bool = false) {
        self.name = name
        self.width = max(1, width)
        self.limit = limit
        self.yields = yields
        lanes = (0..<self.width).map { DispatchQueue(label: "atrium.\(name).\($0)") }
        state = Mutex(State(free: Array(0..<self.width)))
    }

    package var statistics: Statistics { state.withLock { $0.statistics } }

    /// Throws `Overloaded` when the next piece of work would be refused, for callers who would do something for it first.
    package func refuseWhenFull() throws {
        let statistics = statistics
        if statistics.running >= width, statistics.waiting >= limit { throw Overloaded(pool: name) }
    }

    /// Runs `body` on a thread of the pool; the calling task goes on where it was. Throws `Overloaded`, or what
    /// `body` throws. Work that has been taken runs to its end even when the task is cancelled.
    package func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<T, any Error>) in
            let accepted = submit { continuation.resume(with: Result { try body() }) }
            if !accepted { continuation.resume(throwing: Overloaded(pool: name)) }
        }
    }

    private func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        enum Decision { case start(lane: Int), queued, refused }
        let decision: Decision = state.withLock { state in
            if let lane = state.free.popLast() {
                state.statistics.running += 1
                return .start(lane: lane)
            }
            if state.statistics.waiting >= limit {
                state.statistics.refused += 1
                return .refused
            }
            state.waiting.append(work)
            state.statistics.waiting += 1
            return .queued
        }
        switch decision {
        case .start(let lane): start(work, on: lane)
        case .queued: break
        case .refused: return false
        }
        return true
    }

    private func start(_ work: @escaping @Sendable () -> Void, on lane: Int) {
        guard yields else { return lanes[lane].async { self.drain(work, on: lane) } }
        // Niceness sticks to a thread, so these are not Dispatch's, which others use again. They live as long as there
        // is work; starting one is nothing beside what it does.
        let argument = Unmanaged.passRetained(YieldingWork(pool: self, first: work, lane: lane))
        var thread = pthread_t()
        let failure = pthread_create(&thread, nil, { argument in
            let work = Unmanaged<YieldingWork>.fromOpaque(argument!).takeRetainedValue()
            pthread_setname_np(pthread_self(), work.pool.name)
            // Of the calling thread alone (nptl(7) notes the deviation from POSIX).
            _ = nice(10)
            work.pool.drain(work.first, on: work.lane)
            return nil
        }, argument.toOpaque())
        if failure == 0 {
            pthread_detach(thread)
        } else {
            argument.release()
            lanes[lane].async { self.drain(work, on: lane) }
        }
    }

    fileprivate func drain(_ first: @escaping @Sendable () -> Void, on lane: Int) {
        var work: (@Sendable () -> Void)? = first
        while let current = work {
            current()
            work = state.withLock { $0.next(on: lane) }
        }
    }
}

/// What a thread of a yielding pool begins with.
private final class YieldingWork: Sendable {
    let pool: BlockingPool
    let first: @Sendable () -> Void
    let lane: Int

    init(pool: BlockingPool, first: @escaping @Sendable () -> Void, lane: Int) {
        self.pool = pool
        self.first = first
        self.lane = lane
    }
}

extension BlockingPool.State {
    fileprivate mutating func next(on lane: Int) -> (@Sendable () -> Void)? {
        statistics.completed += 1
        if first == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            first = 0
            statistics.running -= 1
            free.append(lane)
            return nil
        }
        defer {
            first += 1
            statistics.waiting -= 1
            if first > 1024 {
                waiting.removeFirst(first)
                first = 0
            }
        }
        return waiting[first]
    }
}
