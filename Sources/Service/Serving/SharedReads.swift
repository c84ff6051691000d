import Runtime
import Synchronization

/// What many ask for at once is read once for all of them. Nobody is given a reading that began before he asked: who comes
/// while one is under way waits for the next, together with all others who do.
///
/// Nothing is kept; there are never more readings than requests under way.
package final class SharedReads<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Line {
        var running: Task<Value, any Error>
        /// Begins when `running` has ended.
        var next: Task<Value, any Error>?
    }

    private let lines = Mutex<[Key: Line]>([:])

    package init() {}

    /// - Parameter body: reads; on the loop of whoever came first.
    package func read(_ key: Key, on loop: EventLoop, _ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = lines.withLock { lines in
            guard let line = lines[key] else {
                let task = Task(executorPreference: loop) { [self] in
                    defer { leave(key) }
                    return try await body()
                }
                lines[key] = Line(running: task)
                return task
            }
            if let next = line.next { return next }
            let next = Task(executorPreference: loop) { [self, running = line.running] in
                _ = await running.result
                advance(key)
                defer { leave(key) }
                return try await body()
            }
            lines[key]?.next = next
            return next
        }
        return try await task.value
    }

    /// The next reading begins; who comes from now on is not served by it.
    private func advance(_ key: Key) {
        lines.withLock { lines in
            guard let next = lines[key]?.next else { return }
            lines[key] = Line(running: next)
        }
    }

    /// A reading has ended. The line is left to the next, if there is one.
    private func leave(_ key: Key) {
        lines.withLock { lines in
            if lines[key]?.next == nil { lines[key] = nil }
        }
    }
}
