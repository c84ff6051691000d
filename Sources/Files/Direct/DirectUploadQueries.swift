import Postgres
import Service
import Values

/// The SQL of `files.direct_uploads`.
enum DirectUploadQueries {
    private static let columns: SQL = """
        u.id, u.owner_id, u.purpose, u.storage, u.key, u.name, u.size, u.object_type, u.object_id, u.expires_at
        """

    static func insert(_ upload: DirectUpload, now: Instant) -> Command {
        Command(
            """
            insert into files.direct_uploads (
                id, created_at, owner_id, purpose, storage, key, name, size, object_type, object_id, expires_at)
            values (
                \(upload.id), \(now), \(upload.ownerID), \(upload.purpose), \(upload.storage), \(upload.key), \(upload.name),
                \(upload.size), \(upload.object?.type), \(upload.object?.id), \(upload.expiresAt))
            """)
    }

    static func one(_ id: ID<StoredFile>) -> Statement<DirectUpload> {
        Statement("select \(columns) from files.direct_uploads u where u.id = \(id) and u.completed_at is null")
    }

    /// For whoever receives it, or looks at what has come: one at a time.
    static func claim(_ id: ID<StoredFile>, now: Instant) -> Statement<DirectUpload> {
        Statement(
            """
            update files.direct_uploads u set claimed_at = \(now)
             where u.id = \(id) and u.completed_at is null
               and (u.claimed_at is null or u.claimed_at < \(now - DirectUpload.claim))
            returning \(columns)
            """)
    }

    static func release(_ id: ID<StoredFile>) -> Command {
        Command("update files.direct_uploads set claimed_at = null where id = \(id) and completed_at is null")
    }

    /// Its file counts from now on, and not its room. In the transaction in which the file appears.
    static func complete(_ id: ID<StoredFile>, now: Instant) -> Command {
        Command("update files.direct_uploads set completed_at = \(now) where id = \(id) and completed_at is null")
    }

    /// Over, one way or the other, and what was brought may still lie in the storage; some at a time. Index
    /// `direct_uploads_expires_idx`.
    static func over(before: Instant) -> Statement<ID<StoredFile>> {
        Statement("select id from files.direct_uploads where expires_at < \(before) order by expires_at limit 500")
    }

    static func ended(_ id: ID<StoredFile>, before: Instant) -> Statement<EndedUpload> {
        Statement("select storage, key, size from files.direct_uploads where id = \(id) and expires_at < \(before)")
    }

    static func forget(_ id: ID<StoredFile>) -> Command { Command("delete from files.direct_uploads where id = \(id)") }

    /// Somebody is gone: what he was about to bring is over. Index `direct_uploads_owner_idx`.
    static func withdraw(of owner: UUID, now: Instant) -> Command {
        Command(
            """
            update files.direct_uploads set expires_at = least(expires_at, \(now)), name = 'file'
             where owner_id = \(owner) and completed_at is null
            """)
    }

    static var samples: [StatementSample] {
        let id = ID<StoredFile>.new()
        let now = Instant.now
        let upload = DirectUpload(
            id: id, ownerID: .zero, purpose: "", storage: .s3, key: "", name: "", size: 1,
            object: FileObject(type: "user", id: .zero), expiresAt: now)
        return [
            StatementSample("direct: insert", insert(upload, now: now)), StatementSample("direct: one", one(id)),
            StatementSample("direct: claim", claim(id, now: now)), StatementSample("direct: release", release(id)),
            StatementSample("direct: complete", complete(id, now: now)), StatementSample("direct: over", over(before: now)),
            StatementSample("direct: ended", ended(id, before: now)), StatementSample("direct: forget", forget(id)),
            StatementSample("direct: withdraw", withdraw(of: .zero, now: now)),
        ]
    }
}

/// What an upload that is over may have left.
struct EndedUpload: Row {
    let storage: FileStorage
    let key: String?
    let size: Int

    init(_ row: inout RowReader) throws {
        storage = try row.next()
        key = try row.next()
        size = try row.next()
    }
}
