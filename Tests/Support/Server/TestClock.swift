import Synchronization
import Values

/// A clock that stands still until a test moves it, so that a slow machine finds what a fast one does. Begins at the real
/// time, so that what the database calls now is near.
package final class TestClock: Sendable {
    private let instant = Mutex<Instant>(.now)

    package init() {}

    package var clock: Clock { Clock { [self] in instant.withLock { $0 } } }

    package func advance(by duration: Duration) { instant.withLock { $0 = $0 + duration } }
}
