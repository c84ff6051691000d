import Dispatch
import Synchronization

/// Where work runs that would block a loop (bcrypt, files, `getaddrinfo`): a Dispatch queue with a bound on what runs
/// at once and on what waits.
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
    private let queue: DispatchQueue
    private let state = Mutex(State())

    fileprivate struct State {
        var waiting: [@Sendable () -> Void] = []
        var first = 0
        var statistics = Statistics()
    }

    /// - Parameters:
    ///   - width: how many pieces of work run at once.
    ///   - limit: how many wait; one more is refused.
    package init(_ name: String, width: Int, limit: Int) {
        self.name = name
        self.width = max(1, width)
        self.limit = limit
        queue = DispatchQueue(label: "atrium.\(name)", attributes: .concurrent)
    }

    package var statistics: Statistics { state.withLock { $0.statistics } }

    /// Runs `body` on a thread of the pool; the calling task goes on where it was. Throws `Overloaded`, or what
    /// `body` throws. Work that has been taken runs to its end even when the task is cancelled.
    package func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<T, any Error>) in
            let accepted = submit { continuation.resume(with: Result { try body() }) }
            if !accepted { continuation.resume(throwing: Overloaded(pool: name)) }
        }
    }

    private func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        enum Decision { case start, queued, refused }
        let decision: Decision = state.withLock { state in
            if state.statistics.running < width {
                state.statistics.running += 1
                return .start
            }
            if state.statistics.waiting >= limit {
                state.statistics.refused += 1
                return .refused
            }
            state.waiting.append(work)
            state.statistics.waiting += 1
            return .queued
        }
        if decision == .start { queue.async { self.drain(work) } }
        return decision != .refused
    }

    private func drain(_ first: @escaping @Sendable () -> Void) {
        var work: (@Sendable () -> Void)? = first
        while let current = work {
            current()
            work = state.withLock { $0.next() }
        }
    }
}

extension BlockingPool.State {
    fileprivate mutating func next() -> (@Sendable () -> Void)? {
        statistics.completed += 1
        if first == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            first = 0
            statistics.running -= 1
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
