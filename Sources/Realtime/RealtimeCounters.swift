import Synchronization

/// What realtime has done and has at this moment, over all loops.
package final class RealtimeCounters: Sendable {
    package let guests = Atomic<Int>(0)
    package let signedIn = Atomic<Int>(0)
    package let sessions = Atomic<Int>(0)
    package let rooms = Atomic<Int>(0)
    /// Events read from the database, and how often one was given to a socket.
    package let events = Atomic<Int>(0)
    package let told = Atomic<Int>(0)
    /// Sockets that had to be told to read anew, since events were gone before they could be told.
    package let gaps = Atomic<Int>(0)
    package let received = Atomic<Int>(0)
    /// Sockets ended by us: too many messages, credentials that ended, polling clients that did not fetch.
    package let overTold = Atomic<Int>(0)
    package let ended = Atomic<Int>(0)
    package let slow = Atomic<Int>(0)
    package let tooMany = Atomic<Int>(0)
}

extension Atomic where Value == Int {
    borrowing func count(_ change: Int = 1) { add(change, ordering: .relaxed) }

    package borrowing func read() -> Int { load(ordering: .relaxed) }
}
