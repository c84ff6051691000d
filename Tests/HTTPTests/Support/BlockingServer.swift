import CSystem
import Glibc
import Runtime
import Synchronization

@testable import HTTP

/// A listening socket and a thread that serves one connection after another by a function, for servers that must
/// misbehave in ways that a real one does not.
final class BlockingServer: Sendable {
    let port: UInt16
    /// First lines of the requests seen.
    let seen = Mutex<[String]>([])
    let connections = Atomic<Int>(0)
    private let fd: Int32
    private let serve: @Sendable (BlockingServer, Int32) -> Void
    private let thread = Mutex<pthread_t?>(nil)

    init(_ serve: @escaping @Sendable (BlockingServer, Int32) -> Void) throws {
        self.serve = serve
        fd = try ListeningSocketForTests.open()
        port = try ListeningSocketForTests.port(of: fd)
        var thread = pthread_t()
        pthread_create(&thread, nil, { argument in
            Unmanaged<BlockingServer>.fromOpaque(argument!).takeUnretainedValue().run()
            return nil
        }, Unmanaged.passUnretained(self).toOpaque())
        let started = thread
        self.thread.withLock { $0 = started }
    }

    deinit {
        // Ends the accept under way.
        _ = shutdown(fd, Int32(SHUT_RDWR))
        if let thread = thread.withLock({ $0 }) { pthread_join(thread, nil) }
        close(fd)
    }

    private func run() {
        while true {
            // Not inherited by what other tests start at this moment, or closing it here would not end it.
            let connection = accept4(fd, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
            guard connection >= 0 else { return }
            var limit = timeval(tv_sec: 60, tv_usec: 0)
            setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            connections.add(1, ordering: .relaxed)
            serve(self, connection)
            close(connection)
        }
    }

    /// For each connection a list of answers, one per request; after the last the connection closes.
    static func scripted(_ script: [[String]]) throws -> BlockingServer {
        try BlockingServer { server, fd in
            let number = server.connections.load(ordering: .relaxed) - 1
            guard number < script.count else { return }
            for answer in script[number] {
                guard let head = readHead({ recv(fd, $0, $1, 0) }) else { return }
                server.note(head)
                _ = Glibc.send(fd, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
            }
        }
    }

    func note(_ head: String) { seen.withLock { $0.append(String(head.prefix { $0 != "\r\n" })) } }

    /// Reads up to the empty line, byte by byte; nil when the stream ends before.
    static func readHead(_ read: (UnsafeMutableRawPointer, Int) -> Int) -> String? {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard read(&byte, 1) == 1 else { return nil }
            head.append(byte)
        }
        return String(decoding: head, as: UTF8.self)
    }
}

enum ListeningSocketForTests {
    static func open() throws -> Int32 {
        let fd = try checked("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        let address = SocketAddress(ip: "127.0.0.1", port: 0)!
        try checked("bind", address.withSockaddr { bind(fd, $0, $1) })
        try checked("listen", listen(fd, 64))
        return fd
    }

    static func port(of fd: Int32) throws -> UInt16 { try ListeningSocket.address(of: fd).port }
}
