import Runtime
import Synchronization

/// Work that several callers want at once and that one of them has done for all. As many run as there are keys under way.
final class Flights<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private typealias Landing = Result<Value, any Error>
    private let under = Mutex<[Key: Task<Landing, Never>]>([:])

    /// What `body` returns or throws, run on the loop of whoever came first. A caller who is cancelled leaves it to the others.
    func run(_ key: Key, on loop: EventLoop, _ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = under.withLock { under in
            if let task = under[key] { return task }
            let task = Task<Landing, Never>(executorPreference: loop) { [weak self] in
                let landing: Landing
                do { landing = .success(try await body()) } catch { landing = .failure(error) }
                self?.under.withLock { $0[key] = nil }
                return landing
            }
            under[key] = task
            return task
        }
        return try await task.value.get()
    }
}
