import Synchronization

/// Something that a test waits for.
final class Signal: Sendable {
    private struct State {
        var isFired = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func fire() {
        let waiting = state.withLock { state in
            state.isFired = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isFired = state.withLock { state in
                if !state.isFired { state.waiting = continuation }
                return state.isFired
            }
            if isFired { continuation.resume() }
        }
    }
}
