import Glibc
import Runtime
import Synchronization
import Testing

@testable import HTTP

/// A server of WebSockets of its own for one test. Every message comes back as it went; `burst N` brings N bytes,
/// `bye` a close with 4000, `share` the same message by way of `WebSocketMessage`.
final class SocketServer: Sendable {
    let group: LoopGroup
    let server: HTTPServer
    let sockets: WebSockets
    private let responder: EchoResponder

    init(loops: Int = 1, limits: WebSocketLimits = WebSocketLimits(), server bounds: ServerLimits = ServerLimits(), pingEvery: Duration? = nil) throws {
        signal(SIGPIPE, SIG_IGN)
        group = try LoopGroup(count: loops)
        sockets = WebSockets(loops: group, limits: limits)
        responder = EchoResponder(sockets, group, pingEvery)
        server = HTTPServer(loops: group, limits: bounds, responder: responder)
        group.start()
        try server.start(on: try #require(SocketAddress(ip: "127.0.0.1", port: 0)))
    }

    var port: UInt16 { server.address?.port ?? 0 }

    /// How each socket ended, in order.
    var ends: [WebSocketEnd] { responder.ends.withLock { $0 } }

    func connect(_ fields: String = "") throws -> RawSocket { try RawSocket(port: port, fields: fields) }

    deinit {
        sockets.stopAtOnce()
        server.stopAtOnce()
        group.stopAndJoin()
    }
}

private final class EchoResponder: Responder {
    let ends = Mutex<[WebSocketEnd]>([])
    private let sockets: WebSockets
    private let group: LoopGroup
    private let pingEvery: Duration?

    init(_ sockets: WebSockets, _ group: LoopGroup, _ pingEvery: Duration?) {
        self.sockets = sockets
        self.group = group
        self.pingEvery = pingEvery
    }

    func admit(_ x: Exchange) -> Admission { .buffer(limit: 0) }

    func respond(_ x: Exchange) {
        do throws(WebSocketHandshake.Fault) {
            let handshake = try WebSocketHandshake(x, limits: sockets.limits)
            let chosen = handshake.subprotocols.first { $0 == "echo" }
            // On a path of its own the socket lives on another loop than its request came to.
            let loop = x.path.text == "/elsewhere" ? group.loops.first { $0 !== x.loop } : nil
            sockets.accept(x, handshake, subprotocol: chosen, pingEvery: pingEvery, on: loop) { [self] _ in
                EchoHandler { end in self.ends.withLock { $0.append(end) } }
            }
        } catch {
            switch error {
            case .noUpgrade: x.send(status: 426) { $0.field("Upgrade", "websocket") }
            case .otherVersion: x.send(status: 426) { $0.field("Sec-WebSocket-Version", "13") }
            case .malformedKey: x.send(status: 400)
            }
        }
    }

    func cancelled(_ x: Exchange) {}
}

private final class EchoHandler: WebSocketHandler {
    private let whenEnded: (WebSocketEnd) -> Void

    init(_ whenEnded: @escaping (WebSocketEnd) -> Void) { self.whenEnded = whenEnded }

    func received(_ message: UnsafeRawBufferPointer, isText: Bool, on socket: WebSocket) {
        let words = message.count > 32 ? [] : String(decoding: message, as: UTF8.self).split(separator: " ")
        switch words.first {
        case "burst": socket.send(text: [UInt8](repeating: 0x62, count: words.last.flatMap { Int($0) } ?? 0))
        case "bye": socket.close(CloseCode(4000), "bye")
        case "share": socket.send(WebSocketMessage(text: [UInt8](repeating: 0x63, count: 5000)))
        default: isText ? socket.send(text: message) : socket.send(binary: message)
        }
    }

    func ended(_ socket: WebSocket, _ end: WebSocketEnd) { whenEnded(end) }
}
