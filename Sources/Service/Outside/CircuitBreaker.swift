import Values

/// Whether a service outside of ours is asked at all: after some failures in a row it is left alone for a while, then asked
/// once, and by how that goes again by everybody or by nobody.
package struct CircuitBreaker: Sendable, Equatable {
    package enum State: String, CaseIterable, Sendable {
        case closed, open
        case halfOpen = "half_open"
    }

    package private(set) var state = State.closed
    /// Failures in a row.
    private var failures = 0
    /// When it was opened, or when the one try began.
    private var since = Instant.distantPast

    private let threshold: Int
    private let rest: Duration

    /// - Parameters:
    ///   - threshold: failures in a row that open it.
    ///   - rest: how long nobody is let through then.
    package init(threshold: Int = 5, rest: Duration = .seconds(30)) {
        self.threshold = threshold
        self.rest = rest
    }

    /// Whether a call may be made now. Every call that is let through is followed by `succeeded` or `failed`; a try that is
    /// never told of is forgotten after the same rest.
    package mutating func admit(at now: Instant) -> Bool {
        if state == .closed { return true }
        guard now >= since + rest else { return false }
        state = .halfOpen
        since = now
        return true
    }

    /// How long until somebody is let through again.
    package func wait(at now: Instant) -> Duration { state == .closed ? .zero : max(.zero, since + rest - now) }

    package mutating func succeeded() {
        state = .closed
        failures = 0
    }

    package mutating func failed(at now: Instant) {
        failures += 1
        guard state == .halfOpen || failures >= threshold else { return }
        state = .open
        since = now
    }
}
