import Crypto
import Glibc
import Runtime
import Synchronization

/// A file while it arrives: under a temporary name, which is gone again unless the file is put into a storage.
///
/// Used by one task, whose steps follow each other; each runs on the blocking pool.
final class IncomingFile: @unchecked Sendable {
    let path: String
    private let pool: BlockingPool
    private let descriptor: Int32
    private var digest: SHA256?
    private(set) var size = 0
    /// The first bytes, for a first look at the type.
    private(set) var leading: [UInt8] = []
    private var isKept = false
    private var isClosed = false

    /// - Parameter path: on the file system of the storage, so that it can be renamed into its place.
    static func begin(at path: String, pool: BlockingPool) async throws -> IncomingFile {
        try await pool.run {
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o640)
            if descriptor < 0 { throw StorageFailure.last("open") }
            return IncomingFile(path: path, descriptor: descriptor, pool: pool)
        }
    }

    /// A file that somebody else has written.
    static func adopt(_ path: String, pool: BlockingPool) async throws -> IncomingFile {
        try await pool.run {
            let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            if descriptor < 0 { throw StorageFailure.last("open") }
            let file = IncomingFile(path: path, descriptor: descriptor, pool: pool)
            var status = stat()
            fstat(descriptor, &status)
            file.size = Int(status.st_size)
            do {
                try file.hashAll()
            } catch {
                file.isClosed = true
                file.closeNow()
                throw error
            }
            return file
        }
    }

    private init(path: String, descriptor: Int32, pool: BlockingPool) {
        self.path = path
        self.descriptor = descriptor
        self.pool = pool
        digest = SHA256()
    }

    deinit { precondition(isClosed, "a file is put or given up") }

    func append(_ bytes: [UInt8]) async throws {
        size += bytes.count
        if leading.count < LeadingBytes.enough { leading += bytes.prefix(LeadingBytes.enough - leading.count) }
        try await pool.run { [self] in
            hash(bytes)
            var done = 0
            while done < bytes.count {
                let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, $0.count - done) }
                if count < 0 {
                    if errno == EINTR { continue }
                    throw StorageFailure.last("write")
                }
                done += count
            }
        }
    }

    private func hash(_ bytes: [UInt8]) {
        guard var running = digest.take() else { return }
        running.update(bytes)
        digest = consume running
    }

    private func hashAll() throws {
        let file = ReadableFile(descriptor: descriptor, size: size)
        var place = 0
        while place < size {
            let piece = try file.read(place, 1 << 18)
            if piece.isEmpty { throw SystemError("pread", code: EIO) }
            hash(piece)
            place += piece.count
        }
    }

    /// Everything is there: on the disk, and looked at. Nil when no purpose takes what it is.
    func finish(name: String) async throws -> ArrivedFile? {
        try await pool.run { [self] in
            if fsync(descriptor) != 0 { throw StorageFailure.last("fsync") }
            let file = ReadableFile(descriptor: descriptor, size: size)
            guard let inspection = try FileInspection(file, name: name), let digest = digest.take() else { return nil }
            return ArrivedFile(path: path, size: size, sha256: digest.finish(), inspection: inspection)
        }
    }

    /// Everything is there, and whoever made it knows what it is.
    func finish(as inspection: FileInspection) async throws -> ArrivedFile {
        try await pool.run { [self] in
            if fsync(descriptor) != 0 { throw StorageFailure.last("fsync") }
            guard let digest = digest.take() else { preconditionFailure("a file is finished once") }
            return ArrivedFile(path: path, size: size, sha256: digest.finish(), inspection: inspection)
        }
    }

    /// It has got its place; there is nothing to take away.
    func keep() { isKept = true }

    /// Leaves nothing behind unless the file was kept. Runs to its end, whatever became of the task.
    func close() async {
        isClosed = true
        do {
            try await pool.run { [self] in closeNow() }
        } catch {
            // The pool's line is full. Taking a name away is quick, and leaving it would fill the disk.
            closeNow()
        }
    }

    private func closeNow() {
        _ = Glibc.close(descriptor)
        if !isKept { unlink(path) }
    }
}

/// A file that is whole and on the disk under its temporary name.
struct ArrivedFile: Sendable {
    let path: String
    let size: Int
    let sha256: [UInt8]
    let inspection: FileInspection
}

/// What a full disk is told by; anything else is a fault.
enum StorageFailure {
    static func last(_ call: String) -> any Error { of(SystemError(call)) }

    static func of(_ error: SystemError) -> any Error {
        switch error.code {
        case ENOSPC, EDQUOT, EFBIG: FileProblem.storageFull
        default: error
        }
    }

    /// Makes a folder of ours and those above it.
    static func makeFolder(_ path: String) throws {
        do { try Folder.make(path, mode: 0o750) } catch { throw of(error) }
    }
}
