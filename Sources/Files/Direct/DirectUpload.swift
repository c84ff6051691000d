import Postgres
import Service
import Values

/// A place kept for a file that its owner's client brings by itself: room in his quota, a name, and a time.
struct DirectUpload: Row, Sendable {
    /// That of the file, once it is there.
    let id: ID<StoredFile>
    let ownerID: UUID
    let purpose: String
    let storage: FileStorage
    /// Where its bytes come to in the storage; nil where they come through this server.
    let key: String?
    let name: String
    /// Bytes, exactly.
    let size: Int
    let object: FileObject?
    let expiresAt: Instant

    /// How long a client has for beginning to send.
    static let life = Duration.minutes(15)
    /// How long after that its room is kept for what it has begun to send, and for its completion.
    static let patience = Duration.hours(1)
    /// After this nobody is still receiving or looking at what one instance has claimed.
    static let claim = Duration.minutes(11)

    init(
        id: ID<StoredFile>, ownerID: UUID, purpose: String, storage: FileStorage, key: String?, name: String, size: Int,
        object: FileObject?, expiresAt: Instant
    ) {
        self.id = id
        self.ownerID = ownerID
        self.purpose = purpose
        self.storage = storage
        self.key = key
        self.name = name
        self.size = size
        self.object = object
        self.expiresAt = expiresAt
    }

    init(_ row: inout RowReader) throws {
        id = try row.next()
        ownerID = try row.next()
        purpose = try row.next()
        storage = try row.next()
        key = try row.next()
        name = try row.next()
        size = try row.next()
        let objectType: String? = try row.next()
        let objectID: UUID? = try row.next()
        object = objectType.flatMap { type in objectID.map { FileObject(type: type, id: $0) } }
        expiresAt = try row.next()
    }

    /// Away from all files, so that nobody is ever shown what was not looked at.
    static func key(_ id: ID<StoredFile>) -> String { "incoming/\(id)" }
}

/// How a client brings a file: one PUT of exactly its bytes.
struct UploadPlace: Sendable {
    let url: String
    /// Fields without which the address does not hold.
    var fields: [(name: String, value: String)] = []
}
