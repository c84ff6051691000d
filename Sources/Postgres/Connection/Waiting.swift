/// A task that waits for something of the database: resumed exactly once, at the latest at its deadline.
/// Confined to its loop.
class Waiting: @unchecked Sendable {
    /// Why it failed; set before `finish`.
    final var error: DatabaseError?
    /// Monotonic nanoseconds at which it stops waiting in a line.
    final var deadline: UInt64 = 0
    /// Stands in a line; nothing has been sent for it.
    final var isInLine = false
    /// The task was cancelled.
    final var isCancelled = false
    private final var continuation: UnsafeContinuation<Void, Never>?

    /// A task waits, and is not waiting in a line.
    final var isUnderWay: Bool { continuation != nil && !isInLine }

    /// Suspends until `finish`. `start` hands it to whoever will finish it.
    final func wait(_ start: () -> Void) async throws(DatabaseError) {
        await withUnsafeContinuation { continuation in
            precondition(self.continuation == nil, "one task waits at a time")
            self.continuation = continuation
            start()
        }
        if let error { throw error }
    }

    /// Resumes the task; false when that has happened before.
    @discardableResult
    final func finish() -> Bool {
        guard let waiting = continuation else { return false }
        continuation = nil
        waiting.resume()
        return true
    }

    final func finish(_ error: DatabaseError) {
        self.error = error
        finish()
    }
}
