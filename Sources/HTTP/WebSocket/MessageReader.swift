/// Takes messages out of what a client sends over a WebSocket (RFC 6455 section 5). Pure: the caller keeps the bytes,
/// this keeps the place. Frames are unmasked where they lie; a message in one frame is never copied.
package struct MessageReader: ~Copyable {
    package enum Step {
        /// All that is there is understood. The frame under way has that many bytes in all, as far as is known; its part
        /// that is there must be there again.
        case needMore(Int)
        /// A whole message. The view holds until the next call.
        case message(isText: Bool, UnsafeRawBufferPointer)
        case ping(UnsafeRawBufferPointer)
        case pong
        /// The client ends the connection; nil without a code. Nothing follows.
        case close(CloseCode?)
        /// The client broke a rule, and this is what it is to be told. Nothing follows.
        case failed(CloseCode)
    }

    private let frameLimit: Int
    private let messageLimit: Int
    private let inflater: Inflater?
    /// The frame under way, and how much of its payload is unmasked and checked.
    private var frame: FrameHead?
    private var done = 0
    /// The message under way: nil between two.
    private var isText: Bool?
    private var isCompressed = false
    private var check = UTF8Check()
    private var parts: OutgoingBytes
    private var expanded: OutgoingBytes

    /// - Parameters:
    ///   - inflater: for what permessage-deflate was agreed on; nil without.
    ///   - pool: where memory for messages in several frames and for compressed ones is borrowed.
    init(frameLimit: Int, messageLimit: Int, inflater: Inflater? = nil, pool: BlockPool? = nil) {
        self.frameLimit = frameLimit
        self.messageLimit = messageLimit
        self.inflater = inflater
        parts = OutgoingBytes(pool: pool)
        expanded = OutgoingBytes(pool: pool)
    }

    package init(frameLimit: Int, messageLimit: Int, compresses: Bool) {
        self.init(
            frameLimit: frameLimit, messageLimit: messageLimit,
            inflater: compresses ? Inflater(keepsContext: false) : nil)
    }

    /// Memory held for a message under way.
    var held: Int { parts.held + expanded.held }

    /// Goes on.
    ///
    /// - Parameters:
    ///   - bytes: from `offset` on, the frame under way as far as it has been received.
    ///   - offset: moved behind a frame that is whole.
    package mutating func next(_ bytes: UnsafeMutableRawBufferPointer, at offset: inout Int) -> Step {
        if isText == nil {
            parts.removeAll()
            expanded.removeAll()
        }
        while true {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[offset...])
            if frame == nil {
                switch FrameHead.read(UnsafeRawBufferPointer(rest), limit: frameLimit, compresses: inflater != nil) {
                case .incomplete(let size): return .needMore(size)
                case .failed(let code): return .failed(code)
                case .head(let head):
                    if let code = begin(head) { return .failed(code) }
                }
            }
            guard let frame else { return .needMore(2) }
            let payload = UnsafeMutableRawBufferPointer(
                rebasing: rest[frame.size..<min(rest.count, frame.size + frame.length)])
            let fresh = UnsafeMutableRawBufferPointer(rebasing: payload[done...])
            frame.unmask(fresh, at: done)
            done = payload.count
            if checksText(frame), !check.take(UnsafeRawBufferPointer(fresh)) { return .failed(.invalidData) }
            guard payload.count == frame.length else { return .needMore(frame.size + frame.length) }
            offset += frame.size + frame.length
            self.frame = nil
            done = 0
            if let step = end(frame, UnsafeRawBufferPointer(payload)) { return step }
        }
    }

    /// A frame in its place among the others (section 5.4).
    private mutating func begin(_ head: FrameHead) -> CloseCode? {
        if !head.kind.isControl {
            if head.kind == .continuation {
                guard isText != nil else { return .protocolError }
            } else {
                guard isText == nil else { return .protocolError }
                isText = head.kind == .text
                isCompressed = head.isCompressed
                check = UTF8Check()
            }
            guard head.length <= messageLimit - parts.count else { return .messageTooBig }
        }
        frame = head
        return nil
    }

    private func checksText(_ frame: FrameHead) -> Bool {
        !frame.kind.isControl && isText == true && !isCompressed
    }

    /// A whole frame; nil when the message goes on.
    private mutating func end(_ frame: FrameHead, _ payload: UnsafeRawBufferPointer) -> Step? {
        switch frame.kind {
        case .ping: return .ping(payload)
        case .pong: return .pong
        case .close: return close(payload)
        case .text, .binary, .continuation: break
        }
        guard frame.isFinal else {
            parts.append(payload)
            return nil
        }
        if frame.kind == .continuation { parts.append(payload) }
        return finish(frame.kind == .continuation ? parts.bytes : payload)
    }

    private mutating func finish(_ message: UnsafeRawBufferPointer) -> Step {
        let text = isText == true
        isText = nil
        guard isCompressed, let inflater else {
            return text && !check.isComplete ? .failed(.invalidData) : .message(isText: text, message)
        }
        switch inflater.inflate(message, into: &expanded, limit: messageLimit) {
        case .tooBig: return .failed(.messageTooBig)
        case .corrupt: return .failed(.invalidData)
        case .done: break
        }
        if text, !UTF8Check.isText(expanded.bytes) { return .failed(.invalidData) }
        return .message(isText: text, expanded.bytes)
    }

    /// "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer", and what follows is UTF-8
    /// (section 5.5.1).
    private func close(_ payload: UnsafeRawBufferPointer) -> Step {
        if payload.isEmpty { return .close(nil) }
        guard payload.count >= 2 else { return .failed(.protocolError) }
        let code = CloseCode(UInt16(bigEndian: payload.loadUnaligned(as: UInt16.self)))
        guard code.isSendable else { return .failed(.protocolError) }
        guard UTF8Check.isText(UnsafeRawBufferPointer(rebasing: payload[2...])) else { return .failed(.invalidData) }
        return .close(code)
    }
}
