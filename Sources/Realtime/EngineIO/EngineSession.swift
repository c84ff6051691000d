import Crypto
import HTTP
import JSON
import Runtime

/// A session of Engine.IO 4: polling, a WebSocket, or the first becoming the second. Confined to one loop. What it carries
/// is in `EngineSession+packets`.
final class EngineSession: @unchecked Sendable {
    let id: SessionID
    let part: RealtimeLoop
    let address: String
    private(set) var isOpen = true
    private var socket: WebSocket?
    /// A WebSocket that is to take polling's place, and by when.
    private var probe: WebSocket?
    private var probeDue: UInt64 = .max
    private var waiting: PollReply?
    /// Packets for a client that polls, and their bytes.
    private var outbox: [[UInt8]] = []
    private var outboxBytes = 0
    private var nextPing: UInt64
    private var pongDue: UInt64 = .max
    private var connectDue: UInt64

    // What is carried.
    var namespaces: [String: NamespaceClient] = [:]
    /// An event whose attachments are still coming.
    var partial: (packet: SocketPacket, attachments: [[UInt8]])?

    init(_ id: SessionID, part: RealtimeLoop, address: String) {
        self.id = id
        self.part = part
        self.address = address
        nextPing = part.loop.now &+ part.limits.pingInterval.nanoseconds
        connectDue = part.loop.now &+ part.limits.connectTime.nanoseconds
        part.sessions[id.text] = self
        part.startTicking()
        part.parts.counters.sessions.count()
    }

    /// The first packet.
    var opening: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("sid", id.text)
        writer.member("upgrades", socket == nil ? ["websocket"] : [String]())
        writer.member("pingInterval", Self.milliseconds(part.limits.pingInterval))
        writer.member("pingTimeout", Self.milliseconds(part.limits.pingTimeout))
        writer.member("maxPayload", part.limits.payload)
        writer.endObject()
        return [EngineKind.open.rawValue] + writer.bytes
    }

    private static func milliseconds(_ duration: Duration) -> Int { Int(duration.nanoseconds / 1_000_000) }

    var isPolling: Bool { socket == nil }

    // MARK: Sending

    func send(_ packet: EnginePacket) {
        if let socket { socket.send(packet.frame) } else { queue(packet.text) }
    }

    func send(message: [UInt8]) { send(packet: [EngineKind.message.rawValue] + message) }

    private func send(packet: [UInt8]) {
        if let socket { socket.send(text: packet) } else { queue(packet) }
    }

    private func queue(_ packet: [UInt8]) {
        guard isOpen else { return }
        guard outboxBytes + packet.count <= part.limits.unsent else {
            part.parts.counters.slow.count()
            return end()
        }
        outbox.append(packet)
        outboxBytes += packet.count
        answerPoll()
    }

    private func answerPoll() {
        guard waiting != nil, !outbox.isEmpty else { return }
        waiting.take()?.answer(.payload(takeOutbox()))
    }

    private func takeOutbox() -> [UInt8] {
        defer {
            outbox = []
            outboxBytes = 0
        }
        return Array(outbox.joined(separator: [0x1e]))
    }

    // MARK: Polling

    func poll(_ reply: PollReply) {
        guard isOpen, socket == nil else { return reply.answer(.refused(.badRequest)) }
        // One request waits at a time; who sends two has lost count.
        if waiting != nil {
            reply.answer(.refused(.badRequest))
            return end()
        }
        waiting = reply
        // The client waits for the end of its poll before it changes over.
        if outbox.isEmpty, probe != nil { return endPoll() }
        answerPoll()
    }

    /// The request was given up by its client.
    func abandon(_ reply: PollReply) {
        if waiting === reply { waiting = nil }
    }

    private func endPoll() { waiting.take()?.answer(.payload([EngineKind.noop.rawValue])) }

    /// The packets of one POST.
    func post(_ body: [UInt8]) -> EngineError? {
        guard isOpen, socket == nil else { return .badRequest }
        for packet in body.split(separator: 0x1e, omittingEmptySubsequences: false) {
            guard isOpen else { break }
            if packet.first == UInt8(ascii: "b") {
                guard let bytes = Base64.decode(String(decoding: packet.dropFirst(), as: UTF8.self)) else {
                    end()
                    return .badRequest
                }
                attachment(bytes)
            } else {
                guard UTF8.isValid(packet) else {
                    end()
                    return .badRequest
                }
                receive(Array(packet))
            }
        }
        return nil
    }

    // MARK: WebSocket

    /// The session begins on a WebSocket.
    func begin(on socket: WebSocket) {
        self.socket = socket
        socket.send(text: opening)
    }

    /// A WebSocket offers to take polling's place.
    func offer(_ candidate: WebSocket) {
        guard isOpen, socket == nil, probe == nil else { return candidate.close(.policyViolation) }
        probe = candidate
        probeDue = part.loop.now &+ 10_000_000_000
    }

    private func change(to candidate: WebSocket) {
        probe = nil
        probeDue = .max
        endPoll()
        socket = candidate
        let packets = outbox
        outbox = []
        outboxBytes = 0
        for packet in packets { candidate.send(text: packet) }
    }

    // MARK: Packets

    func receive(_ packet: [UInt8]) {
        switch packet.first.flatMap(EngineKind.init(rawValue:)) {
        case .close: end()
        case .ping: send(packet: [EngineKind.pong.rawValue] + packet.dropFirst())
        case .pong: pongDue = .max
        case .message: message(Array(packet.dropFirst()))
        case .noop, .upgrade: break
        case .open, nil: end()
        }
    }

    // MARK: Time

    func tick(_ now: UInt64) {
        if now >= pongDue { return end() }
        if now >= connectDue {
            connectDue = .max
            if namespaces.isEmpty { return end() }
        }
        if now >= probeDue {
            probeDue = .max
            probe.take()?.close(.policyViolation)
        }
        if now >= nextPing {
            nextPing = now &+ part.limits.pingInterval.nanoseconds
            // A ping that is still unanswered keeps its time.
            if pongDue == .max { pongDue = now &+ part.limits.pingTimeout.nanoseconds }
            send(packet: [EngineKind.ping.rawValue])
        }
    }

    // MARK: The end

    /// - Parameter code: what a WebSocket is closed with.
    func end(_ code: CloseCode = .normal) {
        guard isOpen else { return }
        isOpen = false
        part.sessions.removeValue(forKey: id.text)
        part.parts.counters.sessions.count(-1)
        for client in namespaces.values { client.end() }
        namespaces = [:]
        // What was said last still goes out with the end.
        if waiting != nil {
            outbox.append([EngineKind.close.rawValue])
            answerPoll()
        }
        socket.take()?.close(code)
        probe.take()?.close(code)
    }

    /// The server is stopping. Official clients come again by themselves when the connection ends, not when a namespace
    /// tells them to go: so the hint is an event, and the end the transport's.
    func sayGoodBye() {
        for client in namespaces.values {
            client.emit("server:stopping", ["reconnectAfterMs": .number("\(Int.random(in: 100...2000))")])
        }
        end(.goingAway)
    }
}

extension EngineSession: WebSocketHandler {
    func received(_ message: UnsafeRawBufferPointer, isText: Bool, on socket: WebSocket) {
        guard isOpen else { return }
        if socket === probe {
            if message.elementsEqual("2probe".utf8) {
                socket.send(text: Array("3probe".utf8))
                return endPoll()
            }
            if message.count == 1, message[0] == EngineKind.upgrade.rawValue { return change(to: socket) }
            probe = nil
            return socket.close(.policyViolation)
        }
        guard socket === self.socket else { return }
        if isText { receive(Array(message)) } else { attachment(Array(message)) }
    }

    func ended(_ socket: WebSocket, _ end: WebSocketEnd) {
        if socket === probe { probe = nil }
        if socket === self.socket {
            self.socket = nil
            self.end()
        }
    }
}

extension UTF8 {
    static func isValid(_ bytes: some Collection<UInt8>) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
}
