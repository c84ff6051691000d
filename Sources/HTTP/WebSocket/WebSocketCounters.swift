import Synchronization

/// What the WebSockets of one loop have done. Written by that loop only and read by anyone.
package final class WebSocketCounters: Sendable {
    package let opened = Atomic<Int>(0)
    package let active = Atomic<Int>(0)
    package let messagesIn = Atomic<Int>(0)
    package let messagesOut = Atomic<Int>(0)
    package let bytesIn = Atomic<Int>(0)
    package let bytesOut = Atomic<Int>(0)
    /// Ends, by what ended them: `WebSocketEnd.name`.
    package let ends = Ends()

    package final class Ends: Sendable {
        package let client = Atomic<Int>(0)
        package let server = Atomic<Int>(0)
        package let goingAway = Atomic<Int>(0)
        package let slow = Atomic<Int>(0)
        package let silent = Atomic<Int>(0)
        package let broken = Atomic<Int>(0)

        package var all: [(name: String, count: Int)] {
            [
                ("client", client.current()), ("server", server.current()), ("going_away", goingAway.current()),
                ("slow", slow.current()), ("silent", silent.current()), ("broken", broken.current()),
            ]
        }
    }

    func count(_ end: WebSocketEnd) {
        switch end {
        case .closed: ends.client.bump()
        case .closing(.goingAway): ends.goingAway.bump()
        case .closing: ends.server.bump()
        case .slow: ends.slow.bump()
        case .silent: ends.silent.bump()
        case .broken: ends.broken.bump()
        }
    }
}
