import JSON
import Postgres
import Service
import Values

/// An uploaded file. Its bytes never change: another file takes its place.
package struct StoredFile: Row, Sendable {
    package let id: ID<StoredFile>
    package let createdAt: Instant
    package let purpose: String
    package let storage: FileStorage
    /// Where its bytes lie in the storage.
    let key: String
    /// As its owner called it: for people, never a path.
    package let name: String
    package let mime: String
    package let size: Int
    package let visibility: FileVisibility
    package let ownerID: UUID?
    package let object: FileObject?
    package let width: Int?
    package let height: Int?
    package let thumbState: ThumbState

    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        purpose = try row.next()
        storage = try row.next()
        key = try row.next()
        name = try row.next()
        mime = try row.next()
        size = try row.next()
        visibility = try row.next()
        ownerID = try row.next()
        let objectType: String? = try row.next()
        let objectID: UUID? = try row.next()
        object = objectType.flatMap { type in objectID.map { FileObject(type: type, id: $0) } }
        width = try row.next()
        height = try row.next()
        thumbState = try row.next()
    }

    var isPublic: Bool { visibility == .public }
}

/// What a file belongs to.
package struct FileObject: Sendable, Equatable {
    package let type: String
    package let id: UUID

    package init(type: String, id: UUID) {
        self.type = type
        self.id = id
    }
}

/// Where bytes lie.
package enum FileStorage: String, WireEnum {
    case local, s3, supabase
}

/// A file that has arrived whole and is about to get its row.
struct NewFile: Sendable {
    let id: ID<StoredFile>
    let purpose: FilePurpose
    let storage: FileStorage
    let key: String
    let name: String
    let inspection: FileInspection
    let size: Int
    let sha256: [UInt8]
    let ownerID: UUID
    let object: FileObject?
    let thumbState: ThumbState
    let now: Instant

    var retainUntil: Day? { purpose.retentionDays.map { now.day.adding(days: $0) } }

    /// `<purpose>/<scope>/<yyyy>/<mm>/<id>.<ending>`: nothing of the name that its owner gave.
    static func key(_ id: ID<StoredFile>, _ purpose: FilePurpose, _ type: FileType, at now: Instant) -> String {
        let parts = now.day.description.split(separator: "-")
        return "\(purpose.name)/platform/\(parts[0])/\(parts[1])/\(id).\(type.ending)"
    }
}
