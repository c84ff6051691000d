import Synchronization

/// Requests that wait for something to tell: each is a request in flight, of which there is a bounded number.
final class PollCount: Sendable {
    private let count = Atomic<Int>(0)
    private let most: Int

    init(most: Int) { self.most = most }

    /// False when it would be one too many.
    func enter() -> Bool {
        if count.add(1, ordering: .relaxed).newValue <= most { return true }
        leave()
        return false
    }

    var waiting: Int { count.load(ordering: .relaxed) }

    func leave() { count.subtract(1, ordering: .relaxed) }
}
