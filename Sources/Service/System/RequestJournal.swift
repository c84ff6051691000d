import Runtime
import Synchronization
import Telemetry
import Values

/// What this instance's requests have cost since it started, by operation, and the slow ones of late: what
/// `/admin/runtime` shows. Reading it costs the one who reads; a quick request costs one comparison.
package final class RequestJournal: Sendable {
    /// How many slow requests are kept; the oldest goes first.
    package static let capacity = 200

    private struct State {
        var meters: [OperationMeter] = []
        var slow: [SlowRequest] = []
        /// Where the next slow one goes, once the list is full.
        var next = 0
    }

    /// Nanoseconds from which a request counts as slow.
    let threshold: UInt64
    private let state = Mutex(State())

    package init(slowerThan threshold: Duration = .milliseconds(250)) {
        self.threshold = UInt64(threshold / .nanoseconds(1))
    }

    func watch(_ meters: [OperationMeter]) { state.withLock { $0.meters = meters } }

    func keep(_ request: SlowRequest) {
        state.withLock { state in
            if state.slow.count < Self.capacity { return state.slow.append(request) }
            state.slow[state.next] = request
            state.next = (state.next + 1) % Self.capacity
        }
    }

    /// Operations that have been asked, those that took most time altogether first.
    var figures: [OperationFigures] {
        state.withLock { $0.meters }.compactMap(\.figures).sorted { $0.totalSeconds > $1.totalSeconds }
    }

    /// The slowest first.
    var slow: [SlowRequest] {
        state.withLock { $0.slow }.sorted { $0.milliseconds > $1.milliseconds }
    }
}
