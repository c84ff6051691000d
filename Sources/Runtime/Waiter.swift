/// A result that is awaited once and delivered at most once: later deliveries are ignored.
///
/// Confined to one loop: both sides run on its thread. The value may arrive before anybody waits.
package final class Waiter<Value: Sendable>: @unchecked Sendable {
    private enum State {
        case idle
        case waiting(UnsafeContinuation<Value, any Error>)
        case delivered(Result<Value, any Error>)
        case done
    }

    private var state = State.idle

    package init() {}

    /// Whether a result has arrived, taken or not.
    package var isResolved: Bool {
        switch state {
        case .delivered, .done: true
        case .idle, .waiting: false
        }
    }

    /// Suspends until the result is there. At most one caller.
    package func value() async throws -> Value {
        if case .delivered(let result) = state {
            state = .done
            return try result.get()
        }
        return try await withUnsafeThrowingContinuation { continuation in
            switch state {
            case .idle: state = .waiting(continuation)
            // Reaching this point may take a turn of the loop, in which the result arrived.
            case .delivered(let result):
                state = .done
                continuation.resume(with: result)
            case .waiting, .done: preconditionFailure("a Waiter has one waiting task")
            }
        }
    }

    /// Delivers; false when a result had been delivered before.
    @discardableResult
    package func resume(returning value: Value) -> Bool { resume(with: .success(value)) }

    @discardableResult
    package func resume(throwing error: any Error) -> Bool { resume(with: .failure(error)) }

    @discardableResult
    package func resume(with result: Result<Value, any Error>) -> Bool {
        switch state {
        case .idle: state = .delivered(result)
        case .waiting(let continuation):
            state = .done
            continuation.resume(with: result)
        case .delivered, .done: return false
        }
        return true
    }
}
