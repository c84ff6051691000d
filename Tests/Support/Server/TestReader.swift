import Glibc
import Runtime
import Synchronization

/// The client's end of one answer, which the test reads when it likes. Leaves when it is let go.
package final class TestReader: Sendable {
    private let fd: Int32
    private let pool: BlockingPool
    private let received = Mutex<[UInt8]>([])

    init(fd: Int32, pool: BlockingPool) {
        self.fd = fd
        self.pool = pool
    }

    deinit { close(fd) }

    /// Reads once.
    package func receive(atMost limit: Int = 4096) async throws {
        let bytes = try await pool.run { [fd] in
            var space = [UInt8](repeating: 0, count: limit)
            let count = recv(fd, &space, limit, 0)
            if count < 0 { throw SystemError("recv") }
            return Array(space[..<count])
        }
        received.withLock { $0 += bytes }
    }

    /// Reads until this has come.
    package func receive(until text: String) async throws {
        while received.withLock({ !String(decoding: $0, as: UTF8.self).contains(text) }) {
            let before = received.withLock { $0.count }
            try await receive()
            if received.withLock({ $0.count }) == before { throw Ended() }
        }
    }

    struct Ended: Error {}

    /// The answer, once all that the server sends has been read.
    package func answer() async throws -> TestAnswer {
        let rest = try await pool.run { [fd] in try TestClient.readToEnd(fd) }
        return try TestClient.parse(received.withLock { $0 } + rest)
    }
}
