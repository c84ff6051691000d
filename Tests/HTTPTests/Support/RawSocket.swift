import Glibc

@testable import HTTP

/// A WebSocket client that sends exactly the frames it is told to, right or wrong.
final class RawSocket {
    struct Frame: Equatable, CustomStringConvertible {
        var first: UInt8
        var payload: [UInt8]

        var kind: UInt8 { first & 15 }
        var text: String { String(decoding: payload, as: UTF8.self) }
        var isCompressed: Bool { first & 0x40 != 0 }
        var closeCode: Int? { kind == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil }
        var description: String { "\(String(first, radix: 16)) \(payload.count) \(text.prefix(40))" }
    }

    let client: RawClient
    let answer: RawClient.Answer
    static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    init(port: UInt16, path: String = "/", fields: String = "", receiveBuffer: Int32? = nil, trailing: [UInt8] = []) throws {
        client = try RawClient(port: port, receiveBuffer: receiveBuffer)
        let head = """
            GET \(path) HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
            Sec-WebSocket-Key: \(Self.key)\r\nSec-WebSocket-Version: 13\r\n\(fields)\r\n
            """
        try client.send(Array(head.utf8) + trailing)
        answer = try client.head()
    }

    /// A masked frame.
    static func frame(_ first: UInt8, _ payload: [UInt8], key: [UInt8] = [0x37, 0xfa, 0x21, 0x3d]) -> [UInt8] {
        var bytes = [first]
        switch payload.count {
        case ..<126: bytes.append(0x80 | UInt8(payload.count))
        case ..<65536: bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        default: bytes += [0x80 | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 & 3] }
    }

    func send(_ first: UInt8, _ payload: [UInt8] = []) throws { try client.send(Self.frame(first, payload)) }

    func send(_ first: UInt8, _ text: String) throws { try send(first, Array(text.utf8)) }

    func close(_ code: Int) throws { try send(0x88, [UInt8(code >> 8), UInt8(code & 255)]) }

    /// The next frame; nil at the end of the connection.
    func next() throws -> Frame? {
        let head: [UInt8]
        do { head = try client.take(2) } catch { return nil }
        var length = Int(head[1])
        if length == 126 {
            length = try client.take(2).reduce(0) { $0 << 8 | Int($1) }
        } else if length == 127 {
            length = try client.take(8).reduce(0) { $0 << 8 | Int($1) }
        }
        return Frame(first: head[0], payload: try client.take(length))
    }
}
