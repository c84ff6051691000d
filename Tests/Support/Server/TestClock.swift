import Synchronization
import Values

/// A clock that a test sets. Begins at the real time, so that what the database calls now is near.
package final class TestClock: Sendable {
    private let offset = Mutex<Duration>(.zero)

    package init() {}

    package var clock: Clock { Clock { [self] in Instant.now + offset.withLock { $0 } } }

    package func advance(by duration: Duration) { offset.withLock { $0 += duration } }
}
