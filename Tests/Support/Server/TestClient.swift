import CSystem
import Glibc
import JSON
import Runtime

/// A plain HTTP client with blocking sockets and a connection per request: nothing of the server's own code, so that
/// both cannot be wrong in the same way.
package struct TestClient: Sendable {
    package let address: SocketAddress
    private let pool: BlockingPool

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package init(address: SocketAddress, pool: BlockingPool) {
        self.address = address
        self.pool = pool
    }

    /// - Parameter body: JSON; sent with its content type unless `fields` names another.
    package func send(
        _ method: String, _ path: String, token: String? = nil, fields: [String: String] = [:], body: JSONValue? = nil,
        raw: [UInt8]? = nil
    ) async throws -> TestAnswer {
        var bytes = raw ?? []
        if let body { bytes = body.jsonBytes }
        var head = "\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        if body != nil, fields["Content-Type"] == nil { head += "Content-Type: application/json\r\n" }
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if !bytes.isEmpty || method != "GET" { head += "Content-Length: \(bytes.count)\r\n" }
        return try await exchange(Array((head + "\r\n").utf8) + bytes)
    }

    /// Sends bytes as they are and reads until the server closes.
    package func exchange(_ request: [UInt8]) async throws -> TestAnswer {
        let address = address
        let bytes = try await pool.run { try TestClient.roundTrip(request, address) }
        return try TestClient.parse(bytes)
    }

    private static func roundTrip(_ request: [UInt8], _ address: SocketAddress) throws -> [UInt8] {
        let fd = try checked("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        defer { close(fd) }
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        try address.withSockaddr { pointer, length in _ = try checked("connect", connect(fd, pointer, length)) }
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes {
                Glibc.send(fd, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            // The server may answer and close before it has read everything.
            if count <= 0 { break }
            sent += count
        }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(fd, &buffer, buffer.count, 0)
            if count == 0 { return received }
            if count < 0 {
                if received.isEmpty { throw SystemError("recv") }
                return received
            }
            received += buffer[..<count]
        }
    }

    private static func parse(_ bytes: [UInt8]) throws -> TestAnswer {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw Failure(description: "no answer: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
        }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first, first.count >= 12, let status = Int(first.dropFirst(9).prefix(3)) else {
            throw Failure(description: "no status line")
        }
        let fields = lines.dropFirst().map { line -> (name: String, value: String) in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (line[..<colon].lowercased(), line[colon...].dropFirst().drop { $0 == " " }.description)
        }
        return TestAnswer(status: status, fields: fields, body: Array(bytes[end.upperBound...]))
    }
}

extension TestLoops {
    /// Where test clients wait for their answers; wide, since races are tested with hundreds of them.
    package static let clients = BlockingPool("test-clients", width: 64, limit: 4096)
}
