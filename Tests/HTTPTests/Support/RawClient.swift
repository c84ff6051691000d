import CSystem
import Glibc
import Runtime

/// A client that sends exactly the bytes it is given and reads answers one by one, on a blocking socket. A read that
/// gets nothing for a minute fails.
final class RawClient {
    struct Answer: Equatable {
        var status = 0
        var fields: [(name: String, value: String)] = []
        var body: [UInt8] = []

        func field(_ name: String) -> String? { fields.first { $0.name.lowercased() == name }?.value }
        var text: String { String(decoding: body, as: UTF8.self) }
        var isClosing: Bool { field("connection") == "close" }

        static func == (a: Answer, b: Answer) -> Bool { a.status == b.status && a.body == b.body }
    }

    struct Failure: Error, CustomStringConvertible { let description: String }

    let fd: Int32
    private var buffer: [UInt8] = []
    private(set) var sawEnd = false

    init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if var size = receiveBuffer { setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, 4) }
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let address = SocketAddress(ip: "127.0.0.1", port: port)!
        try checked("connect", address.withSockaddr { connect(fd, $0, $1) })
        var one: Int32 = 1
        setsockopt(fd, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    }

    deinit { close(fd) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let sent = bytes.withUnsafeBytes {
                Glibc.send(fd, $0.baseAddress! + start, $0.count - start, Int32(MSG_NOSIGNAL))
            }
            if sent < 0 { throw SystemError("send") }
            start += sent
        }
    }

    func finishSending() { _ = shutdown(fd, Int32(SHUT_WR)) }

    /// Reads once; false at the end of the stream.
    @discardableResult
    func receive(atMost limit: Int = 65536) throws -> Bool {
        var space = [UInt8](repeating: 0, count: limit)
        let count = recv(fd, &space, limit, 0)
        if count < 0 { throw SystemError("recv") }
        if count == 0 {
            sawEnd = true
            return false
        }
        buffer += space[..<count]
        return true
    }

    /// Reads once and forgets; the number of bytes.
    func drop() throws -> Int {
        try withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 16) { space in
            let count = recv(fd, space.baseAddress, space.count, 0)
            if count <= 0 { throw SystemError("recv") }
            return count
        }
    }

    /// All that comes until the server closes; a reset counts as a close when `resetIsEnd`.
    func readToEnd(resetIsEnd: Bool = false) throws -> [UInt8] {
        do { while try receive() {} } catch let error as SystemError where resetIsEnd && error.code == ECONNRESET {}
        defer { buffer = [] }
        return buffer
    }

    /// One answer; `toHead` says that it has no body whatever its fields promise.
    func answer(toHead: Bool = false) throws -> Answer {
        var answer = try head()
        while answer.status == 100, !toHead { answer = try head() }
        if toHead || answer.status == 204 || answer.status == 304 || answer.status < 200 { return answer }
        if let length = answer.field("content-length").flatMap({ Int($0) }) {
            answer.body = try take(length)
        } else if answer.field("transfer-encoding") == "chunked" {
            answer.body = try chunks()
        } else {
            while try receive() {}
            answer.body = buffer
            buffer = []
        }
        return answer
    }

    /// The status line and fields only.
    func head() throws -> Answer {
        var answer = Answer()
        let words = try line().split(separator: " ")
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw Failure(description: "no status line: \(words)")
        }
        answer.status = status
        while true {
            let line = try line()
            if line.isEmpty { return answer }
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            answer.fields.append((String(line[..<colon]), String(line[colon...].dropFirst(2))))
        }
    }

    func take(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try receive() else { throw Failure(description: "ended after \(buffer.count) of \(count) bytes") }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private func line() throws -> String {
        while true {
            if let feed = buffer.firstIndex(of: 0x0a) {
                guard feed > 0, buffer[feed - 1] == 0x0d else { throw Failure(description: "bare line feed") }
                defer { buffer.removeFirst(feed + 1) }
                return String(decoding: buffer[..<(feed - 1)], as: UTF8.self)
            }
            guard try receive() else { throw Failure(description: "ended inside a line: \(buffer)") }
        }
    }

    private func chunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            guard let size = Int(try line(), radix: 16) else { throw Failure(description: "no chunk size") }
            body += try take(size)
            guard try line().isEmpty else { throw Failure(description: "chunk without end") }
            if size == 0 { return body }
        }
    }
}
