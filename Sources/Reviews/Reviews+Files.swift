import Files
import Postgres
import Service
import Values

/// Pictures of reviews: uploaded before, with their own purpose, and seen by whoever sees the words beside them.
extension Reviews {
    static let filePurposeName = "review_picture"
    private static let objectType = "review"

    static func object(_ id: ID<Review>) -> FileObject { FileObject(type: objectType, id: id.uuid) }

    /// What this module registers at Files. A hidden review shows its pictures to its author and to moderators.
    package var filePurpose: FilePurpose {
        var purpose = FilePurpose(Self.filePurposeName, FileType.images, limit: 10_000_000)
        purpose.reader = { [database] file, caller in
            guard let object = file.object, object.type == Self.objectType,
                let review = try await database.first(ReviewQueries.review(ID(object.id)))
            else { return false }
            return review.status == .visible || caller.can(.reviewsManage, on: [])
        }
        return purpose
    }

    /// In the transaction that writes the review.
    func attach(_ ids: [UUID], to id: ID<Review>, of author: UUID) async throws {
        try await files.attach(ids.map { ID($0) }, to: Self.object(id), purpose: Self.filePurposeName, of: author)
    }

    /// The same where it has some already: what is left out goes.
    func replace(_ old: [UUID], by new: [UUID], of review: Review) async throws {
        try await files.remove(old.filter { !new.contains($0) }.map { ID<StoredFile>($0) })
        let added = new.filter { !old.contains($0) }
        try await attach(added, to: review.id, of: review.authorID)
    }

    /// The pictures of somebody who goes go with him; his words stay without a name. Repeatable.
    func forgetPictures(of author: UUID) async throws {
        try await database.transaction { _ in
            try await files.remove(try await database.all(ReviewQueries.pictures(of: author)).map { ID<StoredFile>($0) })
            try await database.execute(ReviewQueries.dropPictures(of: author))
            try await forget()
        }
    }
}

extension ReviewQueries {
    /// Index `reviews_author`.
    static func pictures(of author: UUID) -> Statement<UUID> {
        Statement("select unnest(file_ids) from reviews.reviews where author_id = \(author) and file_ids <> '{}'")
    }

    static func dropPictures(of author: UUID) -> Command {
        Command("update reviews.reviews set file_ids = '{}' where author_id = \(author) and file_ids <> '{}'")
    }
}
