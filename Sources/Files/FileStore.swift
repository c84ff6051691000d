import HTTP

/// Where the bytes of files lie. One installation writes to one of them.
protocol FileStore: Sendable {
    var storage: FileStorage { get }
    /// Takes a file over that has arrived; it is there for good when this returns.
    func put(_ arrived: ArrivedFile, as key: String) async throws
    /// Throws `FileGone` when there is none.
    func open(_ key: String) async throws -> OpenFile
    /// Without effect when there is none.
    func remove(_ key: String) async throws
}

/// A row names an object that is not in its storage.
struct FileGone: Error, CustomStringConvertible {
    let key: String
    var description: String { "\(key) is not in the storage" }
}
