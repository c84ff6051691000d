import Crypto
import Glibc
import HTTP
import Runtime

/// A file of this machine that is sent somewhere, read a piece at a time on the pool. Closed when the last reference goes.
final class FileOnDisk: Sendable {
    let size: Int
    private let descriptor: Int32
    private let pool: BlockingPool

    static func open(_ path: String, pool: BlockingPool) async throws -> FileOnDisk {
        try await pool.run {
            let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            if descriptor < 0 { throw SystemError("open") }
            var status = stat()
            fstat(descriptor, &status)
            return FileOnDisk(descriptor, size: Int(status.st_size), pool)
        }
    }

    private init(_ descriptor: Int32, size: Int, _ pool: BlockingPool) {
        self.descriptor = descriptor
        self.size = size
        self.pool = pool
    }

    deinit { close(descriptor) }

    /// A part of it, as the body of a request.
    func body(_ range: Range<Int>) -> ClientBody {
        ClientBody(length: range.count) { [self] offset, count in
            try await pool.run { [self] in
                try ReadableFile(descriptor: descriptor, size: range.upperBound).read(range.lowerBound + offset, count)
            }
        }
    }

    /// All of it. Blocks: call it on a pool.
    func bytes() throws -> [UInt8] { try ReadableFile(descriptor: descriptor, size: size).read(0, size) }

    func sha256(_ range: Range<Int>) async throws -> [UInt8] {
        try await pool.run { [self] in
            var digest = SHA256()
            let file = ReadableFile(descriptor: descriptor, size: range.upperBound)
            var place = range.lowerBound
            while place < range.upperBound {
                let piece = try file.read(place, 1 << 18)
                if piece.isEmpty { throw SystemError("pread", code: EIO) }
                digest.update(piece)
                place += piece.count
            }
            return digest.finish()
        }
    }
}
