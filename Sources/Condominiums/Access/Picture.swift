import Files
import Identity
import Service
import Values

/// The one picture of something: a company's logo, a condo's view. Everybody may see it who knows its address.
struct Picture: Sendable {
    let files: FileUse
    let purpose: FilePurpose

    /// In the transaction of the change: the new one, an upload of the author's, is taken into use, and the old one goes.
    func replace(
        _ old: ID<StoredFile>?, by new: ID<StoredFile>?, of object: FileObject, by author: Author
    ) async throws {
        guard old != new else { return }
        if let new { _ = try await files.attach(new, to: object, purpose: purpose.name, of: author.userID) }
        if let old { try await files.remove(old) }
    }

    /// Below this server's address, as `avatarUrl` is.
    static func address(of file: ID<StoredFile>?) -> String? { file.map { "\(FileAddresses.base)/\($0)/content" } }

    static let logo = purpose("company_logo")
    static let view = purpose("condo_image")

    /// Sizes by the best role (spec 5.6).
    private static func purpose(_ name: String) -> FilePurpose {
        let megabyte = 1_000_000
        var purpose = FilePurpose(name, FileType.pictures, limit: 5 * megabyte, visibility: .public)
        purpose.roleLimits = [
            CondoRoles.worker.name: 10 * megabyte, CondoRoles.guardian.name: 10 * megabyte,
            CondoRoles.accountant.name: 20 * megabyte, CondoRoles.administrator.name: 50 * megabyte,
            CondoRoles.director.name: 50 * megabyte, Role.superAdmin: 100 * megabyte,
        ]
        return purpose
    }
}
