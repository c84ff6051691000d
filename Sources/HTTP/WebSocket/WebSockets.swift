import Runtime
import Synchronization

/// All WebSockets of the process: connections that have left an `HTTPServer`, a part of them on each loop.
package final class WebSockets: Sendable {
    package let limits: WebSocketLimits
    private let parts: [WebSocketLoop]

    package init(loops: LoopGroup, limits: WebSocketLimits = WebSocketLimits()) {
        self.limits = limits
        parts = loops.loops.map { WebSocketLoop(loop: $0, limits: limits) }
    }

    package var counters: [WebSocketCounters] { parts.map(\.counters) }

    /// Answers 101, takes the connection out of HTTP and makes a WebSocket of it.
    ///
    /// - Parameters:
    ///   - subprotocol: one of those that the client named; nil for none.
    ///   - pingEvery: how often the client is asked for a sign of life; nil for protocols that ask by themselves.
    ///   - loop: where the socket is to live, if not where the request was received.
    ///   - head: adds fields to the answer.
    ///   - handler: makes what stands behind the socket, on its loop.
    package func accept(
        _ x: Exchange, _ handshake: WebSocketHandshake, subprotocol: String? = nil, pingEvery: Duration? = nil,
        on loop: EventLoop? = nil, head: (inout HeadWriter) -> Void = { _ in },
        handler: @escaping @Sendable (WebSocket) -> any WebSocketHandler
    ) {
        let part = parts[(loop ?? x.loop).index]
        x.handOver(head: { fields in
            handshake.write(&fields, subprotocol: subprotocol)
            head(&fields)
        }) { handed in
            part.loop.execute {
                part.adopt(handed, handshake, subprotocol: subprotocol, pingEvery: pingEvery, handler)
            }
        }
    }

    /// Closes every socket with 1001; returns when none is left. Who has not closed within `grace` is dropped.
    package func drain(grace: Duration = .seconds(5)) async {
        let left = Atomic<Int>(parts.count)
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            for part in parts {
                part.loop.execute {
                    let deadline = part.loop.timer(after: grace) { part.abandon() }
                    part.drain {
                        deadline.cancel()
                        if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { continuation.resume() }
                    }
                }
            }
        }
    }

    /// Bytes of memory that all sockets hold for what they have received and not understood, or sent and not delivered.
    package func heldBytes() async -> Int {
        let sum = Atomic<Int>(0), left = Atomic<Int>(parts.count)
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            for part in parts {
                part.loop.execute {
                    sum.add(part.sockets.reduce(0) { $0 + $1.held }, ordering: .relaxed)
                    if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { continuation.resume() }
                }
            }
        }
        return sum.load(ordering: .acquiring)
    }

    /// Ends everything now: the end of a test.
    package func stopAtOnce() {
        for part in parts { part.loop.execute { part.abandon() } }
    }
}
