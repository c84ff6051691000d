import HTTP
import Service

/// Where the bytes of files lie.
protocol FileStore: Sendable {
    var storage: FileStorage { get }
    /// Takes a file over that has arrived, its temporary name too; it is there for good when this returns. Throws
    /// `storage_unavailable` where it may be there or not: whoever knows of it by its row removes it later.
    func put(_ arrived: ArrivedFile, as key: String, type: FileType) async throws
    /// The bytes of a file for a client: the answer, or the way to where they are. Throws `FileGone` when there are none.
    ///
    /// - Parameter isInline: shown in its place rather than kept by whoever gets it.
    func content(of file: StoredFile, isInline: Bool) async throws -> Answer
    /// The same of the small picture of a file.
    func thumbnail(of file: StoredFile) async throws -> Answer
    /// Without effect when there is none.
    ///
    /// - Parameter size: of the object as far as it is known, in bytes.
    func remove(_ key: String, size: Int) async throws
    /// Lends the bytes of an object as a file of this machine, which is only read.
    func withFile(_ key: String, _ body: (String) async throws -> Void) async throws
    /// Where a client may bring an object of so many bytes by itself; nil where it is to come through this server.
    func place(for key: String, size: Int, seconds: Int) throws -> UploadPlace?
    /// A copy of an object that a client has brought there, as if it had arrived here. Throws `FileGone`, and
    /// `upload_mismatch` for one of more bytes.
    func copy(of key: String, atMost size: Int, at path: String) async throws -> IncomingFile
    /// Whether it is asked at the moment: false while it is left alone after failures.
    var isWell: Bool { get }
}

/// A row names an object that is not in its storage.
struct FileGone: Error, CustomStringConvertible {
    let key: String
    var description: String { "\(key) is not in the storage" }
}

/// Where new files go, and where those of other times lie: who has changed STORAGE has files in both.
package struct FileStores: Sendable {
    /// Where files arrive, whatever storage they go to.
    let arrivals: Arrivals
    let current: any FileStore
    private let others: [any FileStore]

    init(_ current: any FileStore, others: [any FileStore] = [], arrivals: Arrivals) {
        self.current = current
        self.others = others
        self.arrivals = arrivals
    }

    /// Throws `storage_unavailable` for a storage that the settings do not name any more.
    subscript(storage: FileStorage) -> any FileStore {
        get throws {
            if storage == current.storage { return current }
            guard let store = others.first(where: { $0.storage == storage }) else {
                throw FileProblem.storageUnavailable.retry(after: StoreCalls.retrySeconds)
            }
            return store
        }
    }

    var isWell: Bool { current.isWell && others.allSatisfy(\.isWell) }
}
