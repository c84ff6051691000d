import CSystem
import Glibc
import JSON
import Runtime
import Synchronization

/// Somebody else's service on a socket of its own: HTTP/1.1 by blocking calls and a thread per connection, nothing of the
/// server's own code. A test says what it answers, and may let it break off or be silent.
package final class EmulatedService: Sendable {
    package typealias Answer = @Sendable (EmulatedRequest) -> EmulatedAnswer

    package let url: String
    private let fd: Int32
    private let requests = Mutex<[EmulatedRequest]>([])
    private let connections = Mutex<Set<Int32>>([])
    private let answer: Answer

    package init(_ answer: @escaping Answer) throws {
        self.answer = answer
        fd = try checked("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        guard let any = SocketAddress(ip: "127.0.0.1", port: 0) else { preconditionFailure("127.0.0.1 is an address") }
        let descriptor = fd
        try checked("bind", any.withSockaddr { bind(descriptor, $0, $1) })
        try checked("listen", listen(fd, 64))
        url = "http://127.0.0.1:\(try Self.port(of: fd))"
        Self.thread { [weak self] in
            while true {
                let connection = accept4(descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
                guard connection >= 0 else { return }
                guard let self else { return _ = close(connection) }
                self.connections.withLock { _ = $0.insert(connection) }
                Self.thread { [weak self] in
                    while let self, self.serveOne(on: connection) {}
                    self?.connections.withLock { _ = $0.remove(connection) }
                    close(connection)
                }
            }
        }
    }

    deinit { stop() }

    /// Ends it: connections break, and nobody listens any more.
    package func stop() {
        _ = shutdown(fd, Int32(SHUT_RDWR))
        connections.withLock { open in for connection in open { _ = shutdown(connection, Int32(SHUT_RDWR)) } }
    }

    /// What it has been asked, in order.
    package var seen: [EmulatedRequest] { requests.withLock { $0 } }

    package func count(_ method: String, _ path: String) -> Int {
        seen.filter { $0.method == method && $0.path == path }.count
    }

    /// False when the connection is over.
    private func serveOne(on connection: Int32) -> Bool {
        guard let request = EmulatedRequest(reading: connection) else { return false }
        requests.withLock { $0.append(request) }
        switch answer(request) {
        case .brokenOff: return false
        case .answer(let status, let fields, let body):
            var head = "HTTP/1.1 \(status) Emulated\r\nContent-Length: \(body.count)\r\n"
            for (name, value) in fields { head += "\(name): \(value)\r\n" }
            let bytes = Array((head + "\r\n").utf8) + body
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.send(connection, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    private static func port(of fd: Int32) throws -> UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = try checked("getsockname", getsockname(fd, $0, &length)) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private static func thread(_ run: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let body = Unmanaged.passRetained(Body(run)).toOpaque()
        pthread_create(&thread, nil, { argument in
            Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
            return nil
        }, body)
        pthread_detach(thread)
    }
}

/// What an emulated service does with a request.
package enum EmulatedAnswer: Sendable {
    case answer(Int, fields: [(name: String, value: String)], body: [UInt8])
    /// The request has been read, perhaps carried out, and no answer comes.
    case brokenOff

    package static func json(_ value: JSONValue, status: Int = 200) -> EmulatedAnswer {
        .answer(status, fields: [("Content-Type", "application/json")], body: value.jsonBytes)
    }

    package static func empty(_ status: Int) -> EmulatedAnswer { .answer(status, fields: [], body: []) }
}
