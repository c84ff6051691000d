import CSystem
import Glibc
import Runtime

/// A connection that has left HTTP for the WebSocket protocol (RFC 6455), seen from the server. One `recv` per wake; all
/// that is sent in a round leaves in one `send`. An idle socket holds no buffer. Confined to its loop.
package final class WebSocket: Channel {
    enum Phase: UInt8 { case open, closing, closed }

    unowned(unsafe) let part: WebSocketLoop
    package let peer: PeerAddress
    /// What the client was told that is spoken; nil for nothing in particular.
    package let subprotocol: String?
    /// Its place among the server's connections, kept as long as the descriptor is open.
    private var place: ConnectionPlace?
    var handler: (any WebSocketHandler)?
    /// Position in the loop's tables.
    var slot = 0
    var phase = Phase.open

    private let terms: DeflateTerms?
    /// With a window of its own; else the loop's are used.
    private var deflater: Deflater?
    private var reader: MessageReader
    private var input: ReceiveBuffer
    /// Where the frame under way begins.
    private var start = 0
    private var out: OutgoingBytes
    private var isBlocked = false
    /// The last frame is written; when it is sent the connection ends.
    private var endsWhenSent = false
    /// The client has broken a rule: what it still sends is not looked at.
    private var isDeaf = false
    private var end: WebSocketEnd?

    /// How often to ask for a sign of life, in nanoseconds; 0 for never.
    private let pingEvery: UInt64
    private var nextPing: UInt64 = .max
    private var lastReceived: UInt64
    private var lastSent: UInt64
    /// When a pong, or our patience with a client that is to close, is overdue.
    private var overdue: UInt64 = .max

    init(_ handed: HandedOver, _ handshake: WebSocketHandshake, subprotocol: String?, pingEvery: Duration?, part: WebSocketLoop) {
        self.part = part
        peer = handed.peer
        place = handed.place
        self.subprotocol = subprotocol
        terms = handshake.deflate
        let keeps = terms?.clientKeepsContext == true
        reader = MessageReader(
            frameLimit: part.limits.frame, messageLimit: part.limits.message,
            inflater: terms == nil ? nil : keeps ? Inflater(keepsContext: true) : part.inflater, pool: part.blocks)
        input = ReceiveBuffer(pool: part.blocks)
        out = OutgoingBytes(pool: part.blocks)
        self.pingEvery = pingEvery?.nanoseconds ?? 0
        lastReceived = part.loop.now
        lastSent = part.loop.now
        if self.pingEvery > 0 { nextPing = part.loop.now &+ self.pingEvery }
        super.init(fd: handed.fd)
        handed.unsent.withUnsafeBytes { out.append($0) }
    }

    package var isOpen: Bool { phase == .open }

    /// Bytes that wait for the client.
    package var unsent: Int { out.count }

    /// Memory held for bytes in either direction.
    var held: Int { input.capacity + out.held + reader.held }

    // MARK: Sending

    package func send(text: UnsafeRawBufferPointer) { send(text, .text) }

    package func send(text: [UInt8]) { text.withUnsafeBytes { send($0, .text) } }

    package func send(binary: UnsafeRawBufferPointer) { send(binary, .binary) }

    /// Sends what goes to others too.
    package func send(_ message: WebSocketMessage) {
        guard phase == .open else { return }
        if let terms, message.payload.count >= part.limits.smallestDeflated {
            if terms.serverKeepsContext {
                return message.payload.withUnsafeBytes { send($0, message.isText ? .text : .binary) }
            }
            if let packed = message.frame(bits: terms.serverBits, part.deflater(bits: terms.serverBits)) {
                part.counters.messagesOut.bump()
                return packed.withUnsafeBytes { write($0) }
            }
        }
        let frame = message.frame
        part.counters.messagesOut.bump()
        frame.withUnsafeBytes { write($0) }
    }

    private func send(_ payload: UnsafeRawBufferPointer, _ kind: FrameKind) {
        guard phase == .open else { return }
        if let terms, payload.count >= part.limits.smallestDeflated, let packed = compressor(terms)?.deflate(payload) {
            packed.withUnsafeBytes { frame($0, kind, isCompressed: true) }
        } else {
            frame(payload, kind, isCompressed: false)
        }
    }

    private func compressor(_ terms: DeflateTerms) -> Deflater? {
        guard terms.serverKeepsContext else { return part.deflater(bits: terms.serverBits) }
        if deflater == nil { deflater = Deflater(bits: terms.serverBits, keepsContext: true) }
        return deflater
    }

    private func frame(_ payload: UnsafeRawBufferPointer, _ kind: FrameKind, isCompressed: Bool) {
        part.counters.messagesOut.bump()
        guard makeRoom(payload.count) else { return }
        if out.isEmpty { lastSent = part.loop.now }
        WebSocket.writeHead(kind, isCompressed: isCompressed, payload.count, to: &out)
        out.append(payload)
        part.loop.markDirty(self)
    }

    private func write(_ frame: UnsafeRawBufferPointer) {
        guard makeRoom(frame.count) else { return }
        if out.isEmpty { lastSent = part.loop.now }
        out.append(frame)
        part.loop.markDirty(self)
    }

    /// False for a client that does not keep up: it is dropped, and may come again.
    private func makeRoom(_ more: Int) -> Bool {
        if out.count + more <= part.limits.unsent { return true }
        // What the kernel takes now needs not wait.
        if !isBlocked { transmit() }
        if phase == .closed { return false }
        if out.count + more <= part.limits.unsent { return true }
        drop(.slow)
        return false
    }

    static func writeHead(_ kind: FrameKind, isCompressed: Bool, _ length: Int, to out: inout OutgoingBytes) {
        out.append(byte: 0x80 | (isCompressed ? 0x40 : 0) | kind.rawValue)
        if length < 126 {
            out.append(byte: UInt8(length))
        } else if length <= 0xffff {
            out.append(byte: 126)
            withUnsafeBytes(of: UInt16(length).bigEndian) { out.append($0) }
        } else {
            out.append(byte: 127)
            withUnsafeBytes(of: UInt64(length).bigEndian) { out.append($0) }
        }
    }

    // MARK: Ending

    /// Sends a close frame and waits for the client's. What was sent before still arrives.
    ///
    /// - Parameter reason: for whoever debugs the client; at most 123 bytes of it are sent.
    package func close(_ code: CloseCode, _ reason: String = "") { close(code, reason, as: .closing(code)) }

    private func close(_ code: CloseCode, _ reason: String, as end: WebSocketEnd) {
        guard phase == .open else { return }
        phase = .closing
        self.end = end
        nextPing = .max
        overdue = part.loop.now &+ part.limits.closing.nanoseconds
        writeClose(code, reason)
        part.loop.markDirty(self)
    }

    private func writeClose(_ code: CloseCode?, _ reason: String) {
        let text = reason.utf8.count <= 123 ? reason : ""
        WebSocket.writeHead(.close, isCompressed: false, code == nil ? 0 : 2 + text.utf8.count, to: &out)
        guard let code else { return }
        withUnsafeBytes(of: code.number.bigEndian) { out.append($0) }
        out.append(text: text)
    }

    /// Ends at once; what waits is lost.
    package func drop(_ end: WebSocketEnd) {
        guard phase != .closed else { return }
        let last = self.end ?? end
        phase = .closed
        part.loop.remove(self)
        Glibc.close(fd)
        fd = -1
        place = nil
        out.removeAll()
        input.free()
        part.forget(self, last)
        handler.take()?.ended(self, last)
    }

    // MARK: Events

    override package func onEvent(_ events: Events) {
        if phase == .closed { return }
        if !events.isDisjoint(with: [.hangup, .error]) { return drop(.broken) }
        if events.contains(.writable) {
            isBlocked = false
            transmit()
        }
        if events.contains(.readable), phase != .closed { receive() }
        settle()
    }

    override package func flush() { settle() }

    /// Begins with what came behind the request. Called when the socket is registered and its handler set.
    func begin(_ received: [UInt8]) {
        input.ensureBlock()
        input.grow(to: received.count)
        received.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            memcpy(input.base!, base, bytes.count)
            input.end = bytes.count
        }
        read()
        settle()
    }

    private func receive() {
        if isDeaf { return throwAway() }
        input.ensureBlock()
        let count = recv(fd, input.base! + input.end, input.room, 0)
        if count > 0 {
            lastReceived = part.loop.now
            part.counters.bytesIn.bump(count)
            input.end += count
            return read()
        }
        if count < 0, atrium_errno() == EAGAIN || atrium_errno() == EINTR { return }
        // "Clean" is only what began with a close frame (section 7.1.4).
        drop(.broken)
    }

    private func read() {
        // After our close frame, "all further data" but the client's own is of no interest (section 5.5.1); it is still
        // read, to find that frame.
        while phase != .closed, !endsWhenSent {
            let bytes = UnsafeMutableRawBufferPointer(start: input.base, count: input.end)
            switch reader.next(bytes, at: &start) {
            case .needMore(let size): return makeRoom(forFrame: size)
            case .message(let isText, let message):
                part.counters.messagesIn.bump()
                if phase == .open { handler?.received(message, isText: isText, on: self) }
            case .ping(let data):
                guard phase == .open, makeRoom(data.count) else { continue }
                WebSocket.writeHead(.pong, isCompressed: false, data.count, to: &out)
                out.append(data)
            case .pong: break
            case .close(let code):
                if phase == .open { writeClose(code, "") }
                end = end ?? .closed(code)
                phase = .closing
                endsWhenSent = true
            case .failed(let code):
                if phase == .closing { return drop(.broken) }
                close(code, "", as: .closing(code))
                // Where the next frame begins is not known any more: the rest is read and thrown away.
                input.free()
                start = 0
                isDeaf = true
                return
            }
        }
        if phase != .closed { input.free() }
    }

    private func throwAway() {
        withUnsafeTemporaryAllocation(byteCount: BlockPool.blockSize, alignment: 16) { space in
            let count = recv(fd, space.baseAddress, space.count, 0)
            if count > 0 || count < 0 && (atrium_errno() == EAGAIN || atrium_errno() == EINTR) { return }
            drop(.broken)
        }
    }

    /// The frame under way moves to the front, with room for the rest of it.
    private func makeRoom(forFrame size: Int) {
        if start == input.end {
            input.free()
        } else {
            input.shift(from: start)
            input.grow(to: size)
        }
        start = 0
    }

    private func transmit() {
        while !out.isEmpty {
            let bytes = out.bytes
            let sent = Glibc.send(fd, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if sent < 0 {
                if atrium_errno() == EINTR { continue }
                if atrium_errno() != EAGAIN { return drop(.broken) }
                isBlocked = true
                return
            }
            lastSent = part.loop.now
            part.counters.bytesOut.bump(sent)
            out.consume(sent)
            if sent < bytes.count {
                isBlocked = true
                return
            }
        }
    }

    /// Sends what waits, and brings descriptor interest and deadline in line. Every event ends here.
    private func settle() {
        if phase == .closed { return }
        if !isBlocked { transmit() }
        if phase == .closed { return }
        // The client has closed and read our frame, or will: the server ends the connection (section 7.1.1).
        if endsWhenSent, out.isEmpty { return drop(end ?? .broken) }
        // Who broke a rule is hung up on; what he still sends is read away, so that the close frame is not lost in a
        // reset.
        if isDeaf, out.isEmpty { _ = shutdown(fd, Int32(SHUT_WR)) }
        var interest: Interest = endsWhenSent ? [] : .read
        if isBlocked { interest.insert(.write) }
        part.loop.modify(self, interest)
        setDeadline()
    }

    // MARK: Time

    private func setDeadline() {
        let stalled = isBlocked ? lastSent &+ part.limits.writeStall.nanoseconds : .max
        part.setDeadline(min(nextPing, min(overdue, stalled)), of: self)
    }

    /// A deadline has passed; perhaps only one that has been moved since.
    func expire(_ now: UInt64) {
        if isBlocked, now >= lastSent &+ part.limits.writeStall.nanoseconds { return drop(.slow) }
        if now >= overdue {
            if phase == .closing { return drop(.broken) }
            // Any byte since the ping is a sign of life, not the pong alone: a long message may come before it.
            if lastReceived < overdue &- part.limits.pong.nanoseconds { return drop(.silent) }
            overdue = .max
        }
        if now >= nextPing {
            nextPing = now &+ pingEvery
            if overdue == .max { overdue = now &+ part.limits.pong.nanoseconds }
            WebSocket.writeHead(.ping, isCompressed: false, 0, to: &out)
        }
        settle()
    }
}
