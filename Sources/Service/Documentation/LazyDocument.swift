import HTTP
import Runtime
import Synchronization

/// A text made from the list of operations, as its description is: written when somebody first asks for it, away from the
/// loops, and shared by all who read it. Most processes are never asked, and a start does not wait for it.
package final class LazyDocument: Sendable {
    private let type: String
    private let write: @Sendable () -> [UInt8]
    private let pool: BlockingPool
    private let written = Mutex<SharedBytes?>(nil)

    package init(on pool: BlockingPool, type: String = "application/json", _ write: @escaping @Sendable () -> [UInt8]) {
        self.pool = pool
        self.type = type
        self.write = write
    }

    /// It as the answer of an operation. Two who ask first at once write it twice; the same bytes.
    ///
    /// Throws when the pool has no room.
    package func answer() async throws -> Answer {
        Answer(status: 200, content: .shared(try await bytes(), type: type))
    }

    private func bytes() async throws -> SharedBytes {
        if let bytes = written.withLock({ $0 }) { return bytes }
        let bytes = try await pool.run { [write] in SharedBytes(write()) }
        written.withLock { $0 = bytes }
        return bytes
    }
}
