import Glibc
import HTTP
import Runtime
import Service

/// Files in a folder of this machine, or of one that all instances share.
struct LocalStore: FileStore {
    let storage = FileStorage.local
    private let folder: String
    private let pool: BlockingPool

    init(folder: String, pool: BlockingPool) {
        self.folder = folder
        self.pool = pool
    }

    /// Where files arrive: on the same file system, so that they can be renamed into their place.
    var arrivals: Arrivals { Arrivals(folder: folder + "/.arriving", pool: pool) }

    /// Its disk has a check of its own.
    var isWell: Bool { true }

    /// Its bytes are on the disk; now its name is, too, before anybody is told.
    func put(_ arrived: ArrivedFile, as key: String, type: FileType) async throws {
        let path = path(of: key)
        try await pool.run {
            let parent = path[..<path.lastIndex(of: "/")!]
            try StorageFailure.makeFolder(String(parent))
            if rename(arrived.path, path) != 0 { throw StorageFailure.last("rename") }
            let descriptor = Glibc.open(String(parent), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            if descriptor < 0 { throw StorageFailure.last("open") }
            defer { close(descriptor) }
            if fsync(descriptor) != 0 { throw StorageFailure.last("fsync") }
        }
    }

    func content(of file: StoredFile, isInline: Bool) async throws -> Answer {
        Answer(status: 200, content: .file(try await open(file.key), type: file.mime))
    }

    func thumbnail(of file: StoredFile) async throws -> Answer {
        Answer(status: 200, content: .file(try await open(file.thumbKey), type: FileType.jpeg.mime))
    }

    private func open(_ key: String) async throws -> OpenFile {
        let path = path(of: key)
        do {
            return try await pool.run { try OpenFile(path: path) }
        } catch let error as SystemError where error.code == ENOENT {
            throw FileGone(key: key)
        }
    }

    func remove(_ key: String, size: Int) async throws {
        let path = path(of: key)
        try await pool.run {
            if unlink(path) != 0, errno != ENOENT { throw SystemError("unlink") }
        }
    }

    func withFile(_ key: String, _ body: (String) async throws -> Void) async throws { try await body(path(of: key)) }

    /// What comes to a folder comes through this server.
    func place(for key: String, size: Int, seconds: Int) -> UploadPlace? { nil }
    func copy(of key: String, atMost size: Int, at path: String) async throws -> IncomingFile { throw FileGone(key: key) }

    /// Keys are made here of ids and words; none comes from outside.
    private func path(of key: String) -> String {
        precondition(!key.isEmpty && !key.hasPrefix("/") && !key.split(separator: "/").contains(".."), "key \(key)")
        return folder + "/" + key
    }
}
