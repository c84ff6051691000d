import HTTP
import Jobs
import Postgres
import Runtime
import Service
import Values

/// The door to files.
package final class Files: Sendable {
    let database: Database
    let purposes: FilePurposes
    let addresses: FileAddresses
    let stores: FileStores
    let quota: Int
    let pool: BlockingPool
    let clock: Clock
    /// Nil where none are made.
    let thumbnails: Thumbnails?
    /// How long an upload waits for its thumbnail.
    let thumbnailWait: Duration
    private let jobs: Jobs

    /// - Parameters:
    ///   - quota: bytes of one owner's files together.
    package init(
        database: Database, purposes: FilePurposes = FilePurposes(), addresses: FileAddresses, stores: FileStores, quota: Int,
        jobs: Jobs, pool: BlockingPool, thumbnails: Thumbnails? = nil, thumbnailWait: Duration = .seconds(3),
        clock: Clock = .system
    ) {
        self.thumbnails = thumbnails
        self.thumbnailWait = thumbnailWait
        self.database = database
        self.purposes = purposes
        self.addresses = addresses
        self.quota = quota
        self.jobs = jobs
        self.pool = pool
        self.clock = clock
        self.stores = stores
    }

    // MARK: Reading

    package func file(_ id: ID<StoredFile>) async throws -> StoredFile {
        guard let file = try await database.first(FileQueries.file(id)) else { throw HouseProblem.notFound.problem }
        return file
    }

    /// A file that the caller may read: everybody's, his own, one that its purpose shows him, or any for those who manage
    /// files. For others it is not there.
    func readable(_ id: ID<StoredFile>, by caller: Caller) async throws -> StoredFile {
        let file = try await file(id)
        if file.isPublic { return file }
        if let owner = file.ownerID, owner == caller.userID { return file }
        if let reader = purposes[file.purpose]?.reader, try await reader(file, caller) { return file }
        if caller.can(.filesManage, on: []) { return file }
        throw HouseProblem.notFound.problem
    }

    func view(_ file: StoredFile) -> FileView { FileView(file, addresses) }

    // MARK: Keeping

    /// Puts a file into the storage. Its row is written before and counts only afterwards: an object whose upload was
    /// interrupted has a row by which the clean-up finds it, whatever the storage.
    func accept(_ arrived: ArrivedFile, _ new: NewFile) async throws -> StoredFile {
        try await database.execute(FileQueries.announce(new))
        do {
            try await stores[new.storage].put(arrived, as: new.key, type: arrived.inspection.type)
            return try await database.transaction { _ in
                _ = try await database.first(FileQueries.lockOwner(new.ownerID))
                if try await database.one(FileQueries.used(by: new.ownerID)) + new.size > quota {
                    throw FileProblem.quotaExceeded
                }
                try await database.execute(FileQueries.appear(new.id))
                if new.thumbState == .pending {
                    try await jobs.enqueue(FileJobs.thumbnail, FileTask(fileID: new.id), dedupe: "thumbnail:\(new.id)")
                }
                return try await file(new.id)
            }
        } catch {
            // Where the database or the storage was lost the file may be there all the same, or come yet: its row stays for the
            // clean-up. Else nothing stays behind.
            let isUnknown = (error as? DatabaseError)?.isOutage == true || (error as? Problem)?.code == FileProblem.storageUnavailable.rawValue
            if !isUnknown { try? await carryOutPurge(new.id) }
            throw error
        }
    }

    /// Makes a file belong to something, in the transaction that makes that something use it. It has to be the user's, of the
    /// purpose, and nothing else's.
    package func attach(_ id: ID<StoredFile>, to object: FileObject, purpose: String, of user: UUID) async throws -> StoredFile {
        guard let file = try await database.first(FileQueries.lock(id)), file.ownerID == user, file.purpose == purpose else {
            throw HouseProblem.notFound.problem
        }
        guard try await database.execute(FileQueries.attach(id, to: object, now: clock.now())) == 1 else {
            throw FileProblem.inUse
        }
        return file
    }

    /// Takes away the files of a purpose that belong to something, but for one that stays.
    package func release(_ object: FileObject, purpose: String) async throws {
        try await database.transaction { _ in
            let gone = try await database.all(FileQueries.delete(of: object, purpose: purpose, now: clock.now()))
            for id in gone { try await purge(id) }
        }
    }

    /// Takes away a file that nothing uses.
    func delete(_ id: ID<StoredFile>, by caller: Caller) async throws {
        try await database.transaction { _ in
            guard let file = try await database.first(FileQueries.lock(id)) else { throw HouseProblem.notFound.problem }
            guard file.ownerID == caller.userID || caller.can(.filesManage, on: []) else {
                _ = try await readable(id, by: caller)
                throw HouseProblem.forbidden.problem
            }
            try await caller.checkMatch()
            if file.object != nil { throw FileProblem.inUse }
            try await remove(id)
        }
    }

    /// Within a transaction.
    package func remove(_ id: ID<StoredFile>) async throws {
        if try await database.first(FileQueries.delete(id, now: clock.now())) != nil { try await purge(id) }
    }

    // MARK: Clean-up

    private func purge(_ id: ID<StoredFile>) async throws {
        try await jobs.enqueue(FileJobs.purge, FileTask(fileID: id), dedupe: "purge:\(id)")
    }

    /// Takes a deleted file out of its storage, and then its row. Repeatable.
    func carryOutPurge(_ id: ID<StoredFile>) async throws {
        guard let file = try await database.first(FileQueries.deleted(id)) else { return }
        let store = try stores[file.storage]
        try await store.remove(file.key, size: file.size)
        try await store.remove(file.key + ".thumb.jpg", size: 0)
        try await database.execute(FileQueries.forget(id))
    }

    /// What an interrupted upload has left, or a purge that failed for good, is purged; what nothing has held for 24 hours
    /// goes, and what was to be kept for a time that is over (0-platform, 4.9 and 5.2).
    func cleanUp() async throws {
        try await stores.arrivals.sweep()
        let now = clock.now()
        for id in try await database.all(FileQueries.left(before: now - .seconds(3600))) { try await purge(id) }
        var count = 0
        repeat {
            count = try await database.transaction { _ in
                let gone = try await database.all(
                    FileQueries.deleteOverdue(unattachedBefore: now - .seconds(86_400), today: now.day, now: now))
                for id in gone { try await purge(id) }
                return gone.count
            }
        } while count == 500
    }
}

extension Permission {
    package static let filesManage: Permission = "files:manage"
}
