import Dispatch
import Runtime
import Synchronization

/// The main thread runs no task of Swift's: it waits for one that lives on a loop.
enum MainThread {
    static func wait<T: Sendable>(
        on loop: EventLoop, _ body: @escaping @Sendable () async throws -> T
    ) throws -> T {
        let done = DispatchSemaphore(value: 0)
        let outcome = Outcome<T>()
        loop.execute {
            loop.spawn {
                do {
                    let value = try await body()
                    outcome.result.withLock { $0 = .success(value) }
                } catch {
                    outcome.result.withLock { $0 = .failure(error) }
                }
                done.signal()
            }
        }
        done.wait()
        guard let result = outcome.result.withLock({ $0 }) else { preconditionFailure("signalled without an outcome") }
        return try result.get()
    }

    private final class Outcome<T: Sendable>: Sendable {
        let result = Mutex<Result<T, any Error>?>(nil)
    }
}
