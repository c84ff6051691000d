import Runtime

/// One request being answered on its connection. Confined to the connection's loop; reused for later requests once
/// nobody holds it.
///
/// Views (`path`, `field`, `body`) point into the connection's receive buffer. They hold from `respond` until the
/// answer is complete; after that every accessor gives empty views. When the client goes away while a handler is still
/// at work the memory stays until the exchange is released.
package final class Exchange: @unchecked Sendable {
    var head: RequestHead
    /// The first byte of the request head; nil when the exchange is over.
    var base: UnsafeRawPointer?
    /// Nil when the exchange is over. The connection outlives its exchanges or ends them.
    unowned(unsafe) var connection: HTTPConnection?
    /// Where `body` begins, from `base`, and how long it is.
    var bodyStart = 0
    var bodyCount = 0
    /// Packs a streamed answer on its way; nil for one that goes out as it is.
    var packer: StreamCompressor?
    /// Memory that the views point into after the connection has gone.
    private var kept: UnsafeMutableRawPointer?

    /// The responder's own: what it found out in `admit`, the task that answers. Let go when the exchange
    /// is over, so that it may hold the exchange in turn.
    package var context: AnyObject?
    /// When the head was complete, on the loop's clock.
    package internal(set) var started: UInt64 = 0
    /// The status answered; 0 before.
    package internal(set) var status = 0
    /// Bytes of the answer's body as they were given, before the chunked framing.
    package internal(set) var bytesAnswered = 0
    package internal(set) var peer = PeerAddress(high: 0, low: 0, port: 0)

    /// The loop of the connection.
    package let loop: EventLoop

    init(loop: EventLoop, capacity: Int) {
        self.loop = loop
        head = RequestHead(capacity: capacity)
    }

    deinit { kept?.deallocate() }

    /// False once the answer is complete, or nobody waits for it any more.
    package var isOpen: Bool { connection != nil }

    /// Whether an answer has begun.
    package var isAnswered: Bool { status != 0 }

    // MARK: Life

    func begin(on connection: HTTPConnection, base: UnsafeRawPointer, started: UInt64) {
        self.connection = connection
        self.base = base
        self.started = started
        peer = connection.peer
        status = 0
        bytesAnswered = 0
        bodyStart = 0
        bodyCount = 0
    }

    /// The exchange is over: from here on every call is without effect.
    func end() {
        connection = nil
        base = nil
        bodyCount = 0
        packer = nil
    }

    /// As `end`, but somebody may still hold views: the memory goes along.
    func end(keeping memory: UnsafeMutableRawPointer?) {
        connection = nil
        packer = nil
        kept = memory
    }

    func reset() {
        head.reset()
        context = nil
        base = nil
    }
}
