import Synchronization

/// A value that one task changes, and the newest of which the change is known to be over.
final class Atomic64: Sendable {
    private let current = Atomic<Int>(0)
    private let known = Atomic<Int>(0)

    var value: Int { current.load(ordering: .sequentiallyConsistent) }
    var published: Int { known.load(ordering: .sequentiallyConsistent) }

    func set(_ value: Int) { current.store(value, ordering: .sequentiallyConsistent) }
    func publish(_ value: Int) { known.store(value, ordering: .sequentiallyConsistent) }
}
