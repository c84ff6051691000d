import Postgres
import Service
import Values

/// The SQL of `files.files`.
enum FileQueries {
    static let columns: SQL = """
        f.id, f.created_at, f.purpose, f.storage, f.key, f.name, f.mime, f.size, f.visibility, f.owner_id, f.object_type,
        f.object_id, f.width, f.height, f.thumb_state
        """

    static func file(_ id: ID<StoredFile>) -> Statement<StoredFile> {
        Statement("select \(columns) from files.files f where f.id = \(id) and f.deleted_at is null")
    }

    /// The row stays locked until the transaction ends.
    static func lock(_ id: ID<StoredFile>) -> Statement<StoredFile> {
        Statement("select \(columns) from files.files f where f.id = \(id) and f.deleted_at is null for update")
    }

    /// One upload of an owner at a time comes to its end, so that several at once keep within his quota.
    static func lockOwner(_ owner: UUID) -> Statement<Bool> {
        Statement(
            "select pg_advisory_xact_lock(hashtextextended('files.owner:' || \(owner)::uuid::text, 0)) is not null", .report)
    }

    /// Bytes of an owner's files, and of those for which he has room kept. Indexes `files_owner_idx`,
    /// `direct_uploads_owner_idx`.
    static func used(by owner: UUID, now: Instant) -> Statement<Int> {
        Statement(
            """
            select (coalesce((select sum(f.size) from files.files f where f.owner_id = \(owner) and f.deleted_at is null), 0)
                + coalesce((select sum(u.size) from files.direct_uploads u
                    where u.owner_id = \(owner) and u.completed_at is null
                        and u.expires_at > \(now - DirectUpload.patience)), 0))::bigint
            """)
    }

    /// A row of a file that is not there yet: deleted, until it appears.
    static func announce(_ new: NewFile) -> Command {
        Command(
            """
            insert into files.files (
                id, created_at, updated_at, purpose, storage, key, name, mime, size, sha256, visibility, owner_id,
                object_type, object_id, width, height, thumb_state, retain_until_on, deleted_at)
            values (
                \(new.id), \(new.now), \(new.now), \(new.purpose.name), \(new.storage), \(new.key), \(new.name),
                \(new.inspection.type.mime), \(new.size), \(new.sha256), \(new.purpose.visibility), \(new.ownerID),
                \(new.object?.type), \(new.object?.id), \(new.inspection.width), \(new.inspection.height),
                \(new.thumbState), \(new.retainUntil), \(new.now))
            """)
    }

    static func appear(_ id: ID<StoredFile>) -> Command {
        Command("update files.files set deleted_at = null where id = \(id)")
    }

    /// Indexes `files_object_idx`, `files_owner_idx`, `files_created_idx`.
    static func page(_ selection: FileSelection, _ page: PageRequest) -> Statement<StoredFile> {
        let order: SQL = page.isDescending ? "f.created_at desc, f.id desc" : "f.created_at, f.id"
        return Statement(
            """
            select \(columns) from files.files f where \(selection.condition)
            order by \(order) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ selection: FileSelection) -> Statement<Int> {
        Statement("select count(*) from files.files f where \(selection.condition)")
    }

    // MARK: Changing

    static func thumbnailReady(_ id: ID<StoredFile>, key: String, now: Instant) -> Command {
        Command(
            """
            update files.files set thumb_state = 'ready', thumb_key = \(key), updated_at = \(now)
             where id = \(id) and deleted_at is null
            """)
    }

    static func thumbnailFailed(_ id: ID<StoredFile>, now: Instant) -> Command {
        Command(
            "update files.files set thumb_state = 'failed', updated_at = \(now) where id = \(id) and thumb_state = 'pending'")
    }

    /// Nothing when it belongs to something else already.
    static func attach(_ id: ID<StoredFile>, to object: FileObject, now: Instant) -> Command {
        Command(
            """
            update files.files set object_type = \(object.type), object_id = \(object.id), updated_at = \(now)
             where id = \(id) and deleted_at is null
               and (object_id is null or (object_type = \(object.type) and object_id = \(object.id)))
            """)
    }

    /// Of several, those that are the user's, of the purpose, and belong to nothing else. Answers which.
    static func attach(
        _ ids: [ID<StoredFile>], to object: FileObject, purpose: String, of user: UUID, now: Instant
    ) -> Statement<ID<StoredFile>> {
        Statement(
            """
            update files.files set object_type = \(object.type), object_id = \(object.id), updated_at = \(now)
             where id = any(\(ids)) and owner_id = \(user) and purpose = \(purpose) and deleted_at is null
               and (object_id is null or (object_type = \(object.type) and object_id = \(object.id)))
            returning id
            """)
    }

    static func delete(_ id: ID<StoredFile>, now: Instant) -> Statement<ID<StoredFile>> {
        Statement(
            """
            update files.files set deleted_at = \(now), updated_at = \(now) where id = \(id) and deleted_at is null
            returning id
            """)
    }

    static func delete(_ ids: [ID<StoredFile>], now: Instant) -> Statement<ID<StoredFile>> {
        Statement(
            """
            update files.files set deleted_at = \(now), updated_at = \(now) where id = any(\(ids)) and deleted_at is null
            returning id
            """)
    }

    /// Of an object, those of a purpose.
    static func delete(of object: FileObject, purpose: String, now: Instant) -> Statement<ID<StoredFile>> {
        Statement(
            """
            update files.files set deleted_at = \(now), updated_at = \(now)
             where object_type = \(object.type) and object_id = \(object.id) and purpose = \(purpose)
               and deleted_at is null
            returning id
            """)
    }

    /// What nothing has held for a day, and what was to be kept until now; some at a time. Indexes `files_unattached_idx`,
    /// `files_retained_idx`.
    static func deleteOverdue(unattachedBefore: Instant, today: Day, now: Instant) -> Statement<ID<StoredFile>> {
        Statement(
            """
            update files.files set deleted_at = \(now), updated_at = \(now)
             where deleted_at is null and id in (
                select id from files.files
                 where deleted_at is null
                   and (object_id is null and created_at < \(unattachedBefore) or retain_until_on < \(today))
                 order by created_at limit 500)
            returning id
            """)
    }

    /// A deleted file whose object is still to be taken out of its storage.
    static func deleted(_ id: ID<StoredFile>) -> Statement<DeletedFile> {
        Statement("select storage, key, size from files.files where id = \(id) and deleted_at is not null")
    }

    /// Deleted, and still there for longer than a purge takes; some at a time. Index `files_deleted_idx`.
    static func left(before: Instant) -> Statement<ID<StoredFile>> {
        Statement(
            "select id from files.files where deleted_at is not null and deleted_at < \(before) order by deleted_at limit 500")
    }

    static func forget(_ id: ID<StoredFile>) -> Command {
        Command("delete from files.files where id = \(id) and deleted_at is not null")
    }
}

struct DeletedFile: Row {
    let storage: FileStorage
    let key: String
    let size: Int

    init(_ row: inout RowReader) throws {
        storage = try row.next()
        key = try row.next()
        size = try row.next()
    }
}

/// Which files a list is about.
struct FileSelection {
    /// Nil for everybody's.
    let owner: UUID?
    let filter: FileFilter

    /// The where clause over `files.files f`.
    var condition: SQL {
        var condition: SQL = "f.deleted_at is null"
        if let owner { condition = "\(condition) and f.owner_id = \(owner)" }
        if let purpose = filter.purpose { condition = "\(condition) and f.purpose = \(purpose)" }
        if let type = filter.objectType { condition = "\(condition) and f.object_type = \(type)" }
        if let id = filter.objectID { condition = "\(condition) and f.object_id = \(id)" }
        return condition
    }
}
