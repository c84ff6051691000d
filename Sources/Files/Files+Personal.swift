import JSON
import Postgres
import Service
import Values

extension Files {
    /// The file that was made for an object, if it is there.
    package func made(of object: FileObject) async throws -> StoredFile? {
        try await database.first(FileQueries.file(of: object))
    }

    /// Where whoever holds the address gets it, until then.
    package func signedAddress(of file: StoredFile, until expires: Instant) -> String { addresses.signed(file.id, until: expires) }

    /// What Files keeps of people. Files that belong to something stay with it; the rest goes.
    package var personal: PersonalData {
        PersonalData("files") { [database] user in
            try await database.one(FileQueries.personal(user))
        } erase: { [self] user in
            try await database.transaction { _ in
                try await database.execute(DirectUploadQueries.withdraw(of: user, now: clock.now() - DirectUpload.patience))
                try await use.purge(try await database.all(FileQueries.deletePersonal(user, now: clock.now())))
            }
        }
    }
}

extension FileQueries {
    /// The newest. Index `files_object_idx`.
    static func file(of object: FileObject) -> Statement<StoredFile> {
        Statement(
            """
            select \(columns) from files.files f
             where f.object_type = \(object.type) and f.object_id = \(object.id) and f.deleted_at is null
             order by f.id desc limit 1
            """)
    }

    /// Index `files_owner_idx`.
    static func personal(_ user: UUID) -> Statement<JSONText> {
        Statement(
            """
            select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from (
                select f.id, f.created_at as "createdAt", f.purpose, f.name, f.mime, f.size, f.visibility,
                    f.object_type as "objectType", f.object_id as "objectId"
                  from files.files f where f.owner_id = \(user) and f.deleted_at is null order by f.id desc limit 10000) x
            """, .report)
    }

    /// What belongs to nothing, or to himself.
    static func deletePersonal(_ user: UUID, now: Instant) -> Statement<ID<StoredFile>> {
        Statement(
            """
            update files.files set deleted_at = \(now), updated_at = \(now)
             where owner_id = \(user) and deleted_at is null
               and (object_id is null or object_type in ('user', 'user_export'))
            returning id
            """, .report)
    }
}
