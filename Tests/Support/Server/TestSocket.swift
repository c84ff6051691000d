import CSystem
import Glibc
import JSON
import Runtime

/// A client of its own bytes: connects, asks to upgrade, sends masked frames and reads what comes. Waits on a pool, since
/// the tests run on the server's own loops.
package final class TestSocket: Sendable {
    package enum Received: Equatable {
        case text(String)
        case close(Int)
        case end
    }

    package struct Refused: Error {
        package let status: String
    }

    private let fd: Int32

    package static func connect(_ server: TestServer, _ path: String, fields: String = "") async throws -> TestSocket {
        let address = server.client.address
        return try await TestLoops.clients.run { try TestSocket(address, path, fields) }
    }

    /// `/ws` with its subprotocol.
    package static func plain(_ server: TestServer) async throws -> TestSocket {
        try await connect(server, "/ws", fields: "Sec-WebSocket-Protocol: platform.v1\r\n")
    }

    private init(_ address: SocketAddress, _ path: String, _ fields: String) throws {
        fd = try checked("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        try address.withSockaddr { _ = try checked("connect", Glibc.connect(fd, $0, $1)) }
        let head = """
            GET \(path) HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(fields)\r\n
            """
        write(Array(head.utf8))
        var answer: [UInt8] = []
        while !answer.suffix(4).elementsEqual("\r\n\r\n".utf8) { answer += try read(1) }
        let status = String(decoding: answer.prefix(12).suffix(3), as: UTF8.self)
        if status != "101" { throw Refused(status: status) }
    }

    deinit { close(fd) }

    package func send(_ text: String, kind: UInt8 = 1) { frame(Array(text.utf8), kind) }

    package func frame(_ payload: [UInt8], _ kind: UInt8) {
        var bytes: [UInt8] = [0x80 | kind]
        bytes += payload.count < 126 ? [0x80 | UInt8(payload.count)] : [0xfe, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        // A key of zeros masks nothing.
        write(bytes + [0, 0, 0, 0] + payload)
    }

    private func write(_ bytes: [UInt8]) { _ = Glibc.send(fd, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    /// What comes next; pings are answered and passed over. The end after half a minute without anything else: whoever is
    /// forgotten is still asked for signs of life.
    package func next() async throws -> Received {
        try await TestLoops.clients.run { [self] in
            let patience = ContinuousClock.now + .seconds(30)
            while ContinuousClock.now < patience {
                guard let head = try? read(2) else { return .end }
                var length = Int(head[1])
                if length == 126 { length = try read(2).reduce(0) { $0 << 8 | Int($1) } }
                if length == 127 { length = try read(8).reduce(0) { $0 << 8 | Int($1) } }
                let payload = try read(length)
                switch head[0] & 15 {
                case 8:
                    frame(payload, 8)
                    return .close(payload.count < 2 ? 1005 : Int(payload[0]) << 8 | Int(payload[1]))
                case 9: frame(payload, 10)
                case 10: break
                default: return .text(String(decoding: payload, as: UTF8.self))
                }
            }
            return .end
        }
    }

    package func text() async throws -> String {
        guard case .text(let text) = try await next() else { throw Refused(status: "no text") }
        return text
    }

    package func json() async throws -> JSONValue { try JSONValue.decode(json: Array(try await text().utf8)) }

    /// The next of a type of `/ws`; others before it are passed over.
    package func json(_ type: String) async throws -> JSONValue {
        while true {
            let value = try await json()
            if value["type"]?.string == type { return value }
        }
    }

    private func read(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count), have = 0
        while have < count {
            let got = bytes.withUnsafeMutableBytes { recv(fd, $0.baseAddress! + have, count - have, 0) }
            if got <= 0 { throw SystemError("recv") }
            have += got
        }
        return bytes
    }
}
