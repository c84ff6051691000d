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
        var head = TestClient.head(method, path, token: token)
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

    /// Sends a request and reads nothing of its answer yet.
    ///
    /// - Parameter buffer: what the kernel keeps for this side; little makes it a slow reader.
    package func open(_ path: String, token: String? = nil, receiveBuffer: Int32 = 4096) async throws -> TestReader {
        let address = address
        let head = TestClient.head("GET", path, token: token) + "\r\n"
        return try await pool.run { [pool] in
            let fd = try TestClient.connect(to: address, receiveBuffer: receiveBuffer)
            TestClient.send(Array(head.utf8), to: fd)
            return TestReader(fd: fd, pool: pool)
        }
    }

    private static func head(_ method: String, _ path: String, token: String?) -> String {
        let head = "\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
        return token.map { head + "Authorization: Bearer \($0)\r\n" } ?? head
    }

    private static func connect(to address: SocketAddress, receiveBuffer: Int32? = nil) throws -> Int32 {
        let fd = try checked("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if var receiveBuffer { setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
        do {
            try address.withSockaddr { pointer, length in _ = try checked("connect", Glibc.connect(fd, pointer, length)) }
        } catch {
            close(fd)
            throw error
        }
        return fd
    }

    private static func send(_ request: [UInt8], to fd: Int32) {
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes {
                Glibc.send(fd, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            // The server may answer and close before it has read everything.
            if count <= 0 { break }
            sent += count
        }
    }

    private static func roundTrip(_ request: [UInt8], _ address: SocketAddress) throws -> [UInt8] {
        let fd = try connect(to: address)
        defer { close(fd) }
        send(request, to: fd)
        return try readToEnd(fd)
    }

    /// All that comes until the server closes, or breaks off.
    static func readToEnd(_ fd: Int32) throws -> [UInt8] {
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

    static func parse(_ bytes: [UInt8]) throws -> TestAnswer {
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
        let body = bytes[end.upperBound...]
        guard fields.contains(where: { $0.name == "transfer-encoding" && $0.value == "chunked" }) else {
            return TestAnswer(status: status, fields: fields, body: Array(body), isWhole: true)
        }
        let (content, isWhole) = unchunked(body)
        return TestAnswer(status: status, fields: fields, body: content, isWhole: isWhole)
    }

    /// What a chunked body holds, and whether its end has come.
    private static func unchunked(_ bytes: ArraySlice<UInt8>) -> (content: [UInt8], isWhole: Bool) {
        var content: [UInt8] = []
        var rest = bytes
        while let end = rest.firstIndex(of: UInt8(ascii: "\r")),
            let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16)
        {
            if size == 0 { return (content, rest[end...].elementsEqual("\r\n\r\n".utf8)) }
            let chunk = rest[end...].dropFirst(2)
            content += chunk.prefix(size)
            rest = chunk.dropFirst(size + 2)
        }
        return (content, false)
    }
}

extension TestLoops {
    /// Where test clients wait for their answers; wide, since races are tested with hundreds of them.
    package static let clients = BlockingPool("test-clients", width: 64, limit: 4096)
}
