import CSystem
import Glibc
import Runtime

/// A client's connection: bytes in, exchanges in order, bytes out.
///
/// One `recv` per wake; all answers of a round leave in one `send`. Memory is borrowed while bytes are pending and given
/// back when the connection is idle. `+reading`, `+answering`, `+sending` and `+ending` hold the four halves of its life.
final class HTTPConnection: Channel {
    unowned(unsafe) let server: ServerLoop
    let peer: PeerAddress
    /// Position in the server's tables.
    var slot = 0
    var phase = ConnectionPhase.fresh

    // Receiving.
    var input: ReceiveBuffer
    /// Where the current request, or what may become one, begins.
    var headStart = 0
    /// Decoded body bytes not yet given to the reader: `[bodyStart, bodyEnd)`.
    var bodyStart = 0
    var bodyEnd = 0
    /// Where the bytes not yet looked at begin.
    var rawStart = 0
    /// Of a body with Content-Length: bytes not yet received.
    var bodyRemaining = 0
    /// Decoded bytes so far, and how many are allowed.
    var bodyTotal = 0
    var bodyLimit = 0
    var decoder = ChunkedDecoder()
    var exchange: Exchange?
    var bodyWaiter: Waiter<Void>?

    // Sending.
    var out: OutgoingBytes
    var attachment: Attachment?
    /// Of a streamed answer with Content-Length: bytes still owed; −1 for a chunked one.
    var answerRemaining = 0
    var roomWaiter: Waiter<Void>?
    /// Bytes streamed in this round.
    var burst = 0
    var taker: ((HandedOver) -> Void)?

    // Time.
    var phaseDeadline: UInt64
    var lastReceived: UInt64 = 0
    var lastSent: UInt64 = 0
    var bodyBegan: UInt64 = 0
    var handlerDeadline: UInt64 = 0

    // Flags, a byte each.
    var isChunkedBody = false
    var isBodyComplete = true
    var isStreamingBody = false
    var holdsChunk = false
    var owesContinue = false
    var peerFinished = false
    var keepsAlive = true
    var lingers = false
    var isBlocked = false
    var isAdvancing = false
    var omitsBody = false
    var isStreamingAnswer = false
    var isChunkedAnswer = false
    var hasRoundPending = false

    init(fd: Int32, peer: PeerAddress, server: ServerLoop) {
        self.server = server
        self.peer = peer
        input = ReceiveBuffer(pool: server.blocks)
        out = OutgoingBytes(pool: server.blocks)
        phaseDeadline = server.loop.now &+ server.times.firstByte
        super.init(fd: fd)
    }

    override func onEvent(_ events: Events) {
        if phase == .closed { return }
        // Both halves are closed, or the connection is broken: nothing that is sent arrives.
        if !events.isDisjoint(with: [.hangup, .error]) { return vanish() }
        if events.contains(.writable) {
            isBlocked = false
            transmit()
        }
        if events.contains(.readable) {
            receive()
        } else if phase != .closed {
            advance()
        }
    }

    /// The end of a round in which an answer was given from a task.
    override func flush() {
        if phase == .closed { return }
        burst = 0
        advance()
        if roomWaiter != nil { resumeWriter() }
    }

    func enter(_ next: ConnectionPhase, until deadline: UInt64) {
        phase = next
        phaseDeadline = deadline
    }

    /// Sends what waits, and brings descriptor interest, deadline and memory in line with the phase. Every event ends
    /// here.
    func settle() {
        if phase == .closed { return }
        if !isBlocked, !out.isEmpty || attachment != nil { transmit() }
        if phase == .closed { return }
        if peerFinished, isOutOfRequests { phase = .closing }
        if phase == .closing, out.isEmpty, attachment == nil {
            endGracefully()
            if phase == .closed { return }
        }
        if input.end == 0 {
            input.free()
            if let spent = exchange.take() { server.giveBack(spent) }
        }
        var interest: Interest = []
        if wantsToRead { interest.insert(.read) }
        if isBlocked { interest.insert(.write) }
        server.loop.modify(self, interest)
        server.setDeadline(deadline, of: self)
    }

    /// Between two requests, and what has been received holds no other that is whole and only waits for its turn.
    private var isOutOfRequests: Bool {
        switch phase {
        case .fresh, .idle: rawStart == input.end
        case .head: hasTurn
        default: false
        }
    }

    /// Memory held for bytes in either direction.
    var held: Int { input.capacity + out.held }

    /// Whether the next request may be looked at: not while the answers before it pile up unread.
    var hasTurn: Bool { attachment == nil && out.count <= server.limits.unreadPipeline }

    /// An answer that waits for its reader is measured by its progress, and the idle time begins when it is sent.
    private var deadline: UInt64 {
        guard isBlocked else { return phaseDeadline }
        let stalled = lastSent &+ server.times.write
        return phase == .idle ? stalled : min(phaseDeadline, stalled)
    }

    private var wantsToRead: Bool {
        if peerFinished { return false }
        switch phase {
        case .fresh, .body, .lingering, .discarding: return true
        case .closing, .closed: return false
        // Pipelined requests that nobody can turn to yet are left to the kernel once the buffer is full.
        case .idle, .head: return hasTurn || input.room > 0
        default: return input.base == nil || input.room > 0
        }
    }
}
