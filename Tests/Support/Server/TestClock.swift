import Synchronization
import Values

/// A clock that a test sets. Begins at the real time, so that what the database calls now is near.
package final class TestClock: Sendable {
    private let offset = Mutex<Duration>(.zero)
    private let standing: Instant?

    /// - Parameter stands: whether it moves by `advance` alone, for limits that a slow machine would reach by itself. What is
    ///   compared with the database's time needs one that goes on.
    package init(stands: Bool = false) { standing = stands ? .now : nil }

    package var clock: Clock { Clock { [self] in (standing ?? .now) + offset.withLock { $0 } } }

    package func advance(by duration: Duration) { offset.withLock { $0 += duration } }
}
