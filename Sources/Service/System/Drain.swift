import Synchronization

/// Whether the process is on its way out: readiness fails and idle connections end, while requests go on.
package final class Drain: Sendable {
    private let flag = Atomic<Bool>(false)

    package init() {}

    package var isDraining: Bool { flag.load(ordering: .acquiring) }
    package func begin() { flag.store(true, ordering: .releasing) }
}
