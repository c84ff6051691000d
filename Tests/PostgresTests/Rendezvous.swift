import Synchronization

/// Where tasks meet: each suspends until all have arrived. Passes everybody from then on.
final class Rendezvous: Sendable {
    private struct State {
        var missing: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(parties: Int) { state = Mutex(State(missing: parties)) }

    func arrive() async {
        await withCheckedContinuation { continuation in
            let released = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                state.missing -= 1
                state.waiting.append(continuation)
                if state.missing > 0 { return [] }
                defer { state.waiting = [] }
                return state.waiting
            }
            for task in released { task.resume() }
        }
    }
}
