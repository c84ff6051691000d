import Values

/// Whether a service outside of ours is asked at all: after five failures within a minute it is left alone for a minute, then asked
/// once, and by how that goes again by everybody or by nobody (0-platform, 4.6). Each process has its own: what an instance
/// does not know it has learnt after five calls, and no call costs a look into the database.
package struct CircuitBreaker: Sendable, Equatable {
    package enum State: String, CaseIterable, Sendable {
        case closed, open
        case halfOpen = "half_open"
    }

    package private(set) var state = State.closed
    /// When the last failures were that still count; never more than the threshold.
    private var failures: [Instant] = []
    /// When it was opened, or when the one try began.
    private var since = Instant.distantPast

    private let threshold: Int
    private let window: Duration
    private let rest: Duration

    /// - Parameters:
    ///   - threshold: failures within the window that open it.
    ///   - rest: how long nobody is let through then.
    package init(threshold: Int = 5, window: Duration = .seconds(60), rest: Duration = .seconds(60)) {
        self.threshold = threshold
        self.window = window
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

    /// Calls that were let through before it opened say nothing of now.
    package mutating func succeeded() {
        guard state == .halfOpen else { return }
        state = .closed
        failures = []
    }

    package mutating func failed(at now: Instant) {
        switch state {
        case .open: return
        case .halfOpen: break
        case .closed:
            failures.removeAll { $0 <= now - window }
            failures.append(now)
            guard failures.count >= threshold else { return }
        }
        state = .open
        since = now
    }
}
