import Synchronization

/// What one loop's part of the database has done. Written by its loop alone, read from anywhere.
final class DatabaseCounters: Sendable {
    let queries = Atomic<Int>(0)
    let rows = Atomic<Int>(0)
    let batches = Atomic<Int>(0)
    let groups = Atomic<Int>(0)
    let transactions = Atomic<Int>(0)
    let retries = Atomic<Int>(0)
    let waited = Atomic<Int>(0)
    let waitNanoseconds = Atomic<Int>(0)
    let refusals = Atomic<Int>(0)
    let losses = Atomic<Int>(0)
    let overloads = Atomic<Int>(0)
    let opened = Atomic<Int>(0)
    let connections = Atomic<Int>(0)
    let leased = Atomic<Int>(0)
    let waiting = Atomic<Int>(0)

    func note(_ error: DatabaseError) {
        switch error.kind {
        case .refused: refusals.bump()
        case .connectionLost, .unavailable: losses.bump()
        case .overloaded: overloads.bump()
        }
    }
}

extension Atomic where Value == Int {
    /// Adds without the cost of a locked instruction: there is one writer.
    func bump(_ count: Int = 1) {
        store(load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }

    func set(_ value: Int) { store(value, ordering: .relaxed) }
    var value: Int { load(ordering: .relaxed) }
}
