import JSON
import Service

/// What files are for: who may see them, and what they may be. Modules register their own beside those of every
/// installation (0-platform, 4.9).
package struct FilePurpose: Sendable {
    /// Whether a caller may read a file of this purpose that is not his own.
    package typealias Reader = nonisolated(nonsending) @Sendable (StoredFile, Caller) async throws -> Bool
    /// Whether a caller may put a file to an object when he uploads it.
    package typealias Holder = nonisolated(nonsending) @Sendable (FileObject, Caller) async throws -> Bool

    package let name: String
    package let types: Set<FileType>
    /// Bytes.
    package let limit: Int
    package let visibility: FileVisibility
    /// Bytes for holders of roles, where they have more: whoever has several has the most.
    package var roleLimits: [String: Int] = [:]
    /// Of images, in pixels; nil for any.
    package var pixelLimit: Int? = 40_000_000
    /// Of archives, in bytes unpacked; nil for any.
    package var unpackedLimit: Int?
    /// Whether pictures and films of it get a small picture.
    package var hasThumbnail = true
    /// Days after which it goes, attached or not; nil for never.
    package var retentionDays: Int?
    /// Beside the owner and those who manage files.
    package var reader: Reader?
    /// Nil where files are put to objects by the object's own operations alone.
    package var holder: Holder?

    package init(_ name: String, _ types: Set<FileType>, limit: Int, visibility: FileVisibility = .private) {
        self.name = name
        self.types = types
        self.limit = limit
        self.visibility = visibility
    }

    /// Bytes that this caller's file may have.
    func limit(for caller: Caller) -> Int {
        guard !roleLimits.isEmpty, let grants = caller.principal?.grants else { return limit }
        return grants.reduce(limit) { max($0, roleLimits[$1.role] ?? 0) }
    }

    /// Refuses an object to which the caller may not put a file by bringing it.
    func requireHolder(of object: FileObject, _ caller: Caller) async throws {
        guard let holder, try await holder(object, caller) else { throw FileProblem.objectNotAllowed.on("objectId") }
    }

    /// Refuses images of too many pixels, and archives of too much content.
    func check(_ inspection: FileInspection) throws {
        if let pixelLimit, let width = inspection.width, let height = inspection.height {
            let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
            if overflow || pixels > pixelLimit { throw FileProblem.imageTooLarge }
        }
        if let unpackedLimit, let unpacked = inspection.unpacked, unpacked > unpackedLimit { throw FileProblem.imageTooLarge }
    }

    /// For anybody at all.
    var largest: Int { max(limit, roleLimits.values.max() ?? 0) }

    private static let megabyte = 1_000_000

    package static let avatar = FilePurpose("avatar", FileType.pictures, limit: 5 * megabyte, visibility: .public)

    static let standard: [FilePurpose] = [
        avatar,
        FilePurpose("logo", FileType.pictures, limit: 5 * megabyte, visibility: .public),
        FilePurpose("image", FileType.images, limit: 10 * megabyte),
        FilePurpose("video", FileType.videos, limit: 100 * megabyte),
        FilePurpose("document", FileType.documents, limit: 50 * megabyte),
        FilePurpose(
            "attachment", FileType.documents.union(FileType.videos).union(FileType.sounds).union([.zip]),
            limit: 50 * megabyte),
        FilePurpose("meter_photo", FileType.pictures, limit: 5 * megabyte),
        sheet,
    ]

    private static var sheet: FilePurpose {
        var sheet = FilePurpose("sheet", [.xlsx, .csv], limit: 50 * megabyte)
        sheet.unpackedLimit = 200 * megabyte
        return sheet
    }
}

package enum FileVisibility: String, WireEnum {
    /// Anybody with the address; for good, since its bytes never change.
    case `public`
    case `private`
}

/// All purposes of the program.
package struct FilePurposes: Sendable {
    private let purposes: [String: FilePurpose]

    /// One that is registered under the name of a standard purpose takes its place.
    package init(_ registered: [FilePurpose] = []) {
        purposes = Dictionary((FilePurpose.standard + registered).map { ($0.name, $0) }) { $1 }
    }

    package subscript(name: String) -> FilePurpose? { purposes[name] }
    var names: [String] { purposes.keys.sorted() }
    /// Of whatever purpose.
    var largest: Int { purposes.values.map(\.largest).max() ?? 0 }
}
