import Crypto
import Glibc
import HTTP
import Runtime

/// Files in a folder of this machine, or of one that all instances share.
struct LocalStore: FileStore {
    let storage = FileStorage.local
    private let folder: String
    private let pool: BlockingPool

    init(folder: String, pool: BlockingPool) {
        self.folder = folder
        self.pool = pool
    }

    /// Where files arrive: on the same file system.
    var arrivals: String { folder + "/.arriving" }

    /// A path for something that is about to arrive.
    func arrival(ending: String = "") async throws -> String {
        let path = arrivals + "/" + Hex.encode(SecureRandom.bytes(16)) + ending
        try await pool.run { [arrivals] in try Folders.make(arrivals) }
        return path
    }

    /// Its bytes are on the disk; now its name is, too, before anybody is told.
    func put(_ arrived: ArrivedFile, as key: String) async throws {
        let path = path(of: key)
        try await pool.run {
            let parent = path[..<path.lastIndex(of: "/")!]
            try Folders.make(String(parent))
            if rename(arrived.path, path) != 0 { throw StorageFailure.last("rename") }
            let descriptor = Glibc.open(String(parent), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            if descriptor < 0 { throw StorageFailure.last("open") }
            defer { close(descriptor) }
            if fsync(descriptor) != 0 { throw StorageFailure.last("fsync") }
        }
    }

    func open(_ key: String) async throws -> OpenFile {
        let path = path(of: key)
        do {
            return try await pool.run { try OpenFile(path: path) }
        } catch let error as SystemError where error.code == ENOENT {
            throw FileGone(key: key)
        }
    }

    func remove(_ key: String) async throws {
        let path = path(of: key)
        try await pool.run {
            if unlink(path) != 0, errno != ENOENT { throw SystemError("unlink") }
        }
    }

    /// Lends the bytes of an object as a file of this machine, which is only read.
    func withFile(_ key: String, _ body: (String) async throws -> Void) async throws { try await body(path(of: key)) }

    /// Keys are made here of ids and words; none comes from outside.
    private func path(of key: String) -> String {
        precondition(!key.isEmpty && !key.hasPrefix("/") && !key.split(separator: "/").contains(".."), "key \(key)")
        return folder + "/" + key
    }

    /// Takes away what arrived halfway before a process was killed. Those under way are younger: an upload has ten minutes.
    func sweep() async throws {
        let folder = arrivals
        try await pool.run {
            guard let list = opendir(folder) else { return }
            defer { closedir(list) }
            let limit = time(nil) - 3600
            while let entry = readdir(list) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                var status = stat()
                guard !name.hasPrefix("."), stat(folder + "/" + name, &status) == 0, status.st_mtim.tv_sec < limit else {
                    continue
                }
                unlink(folder + "/" + name)
            }
        }
    }
}
