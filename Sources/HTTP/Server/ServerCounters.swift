import Synchronization

/// What one loop of the server has done. Each number is written by its loop only and read by anyone: plain stores and
/// loads, without a locked instruction.
package final class ServerCounters: Sendable {
    package let accepted = Atomic<Int>(0)
    package let active = Atomic<Int>(0)
    package let inFlight = Atomic<Int>(0)
    package let requests = Atomic<Int>(0)
    package let bytesIn = Atomic<Int>(0)
    package let bytesOut = Atomic<Int>(0)
    package let cancelled = Atomic<Int>(0)
    package let resets = Atomic<Int>(0)
    package let timeouts = Timeouts()
    /// Connections that were not served, by what was missing.
    package let refusedConnections = Atomic<Int>(0)
    package let descriptorsExhausted = Atomic<Int>(0)
    private let refusals: [Counter] = Refusal.allCases.map { _ in Counter() }

    /// Connections ended by a time limit, by its kind.
    package final class Timeouts: Sendable {
        package let firstByte = Atomic<Int>(0)
        package let head = Atomic<Int>(0)
        package let body = Atomic<Int>(0)
        package let idle = Atomic<Int>(0)
        package let write = Atomic<Int>(0)
        package let handler = Atomic<Int>(0)
    }

    private final class Counter: Sendable { let value = Atomic<Int>(0) }

    package func refused(_ refusal: Refusal) -> Int { refusals[Self.position(refusal)].value.load(ordering: .relaxed) }

    func count(_ refusal: Refusal) { refusals[Self.position(refusal)].value.bump() }

    private static func position(_ refusal: Refusal) -> Int { Refusal.allCases.firstIndex(of: refusal) ?? 0 }
}

extension Atomic where Value == Int {
    /// Adds without a locked instruction: there is one writer.
    @inline(__always)
    borrowing func bump(_ more: Int = 1) { store(load(ordering: .relaxed) &+ more, ordering: .relaxed) }

    package borrowing func current() -> Int { load(ordering: .relaxed) }
}
