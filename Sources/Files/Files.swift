import HTTP
import Jobs
import Postgres
import Runtime
import Service
import Telemetry
import Values

/// The door to files.
package final class Files: Sendable {
    let database: Database
    let purposes: FilePurposes
    let addresses: FileAddresses
    let stores: FileStores
    /// Bytes of one owner's files together.
    let quota: Int
    /// For holders of roles, where they have more: whoever has several has the most.
    private let roleQuotas: [String: Int]
    let pool: BlockingPool
    let clock: Clock
    /// Nil where none are made.
    let thumbnails: Thumbnails?
    /// How long an upload waits for its thumbnail.
    let thumbnailWait: Duration
    /// For other modules, and for what this one takes away.
    package let use: FileUse
    let meters: FileMeters?
    private let jobs: Jobs
    private let outbox: Outbox

    /// - Parameters:
    ///   - quota: bytes of one owner's files together.
    ///   - roleQuotas: the same for holders of roles.
    package init(
        database: Database, purposes: FilePurposes = FilePurposes(), addresses: FileAddresses, stores: FileStores, quota: Int,
        roleQuotas: [String: Int] = [:],
        jobs: Jobs, outbox: Outbox, pool: BlockingPool, metrics: MetricRegistry? = nil, thumbnails: Thumbnails? = nil,
        thumbnailWait: Duration = .seconds(3), clock: Clock = .system
    ) {
        self.thumbnails = thumbnails
        self.thumbnailWait = thumbnailWait
        self.database = database
        self.purposes = purposes
        self.addresses = addresses
        self.quota = quota
        self.roleQuotas = roleQuotas
        self.jobs = jobs
        self.outbox = outbox
        use = FileUse(database: database, jobs: jobs, clock: clock)
        meters = metrics.map { FileMeters($0, purposes: purposes) }
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

    /// Whose it is, he himself and those who manage files are told.
    func view(_ file: StoredFile, for caller: Caller) -> FileView {
        let tellsOwner = file.ownerID == caller.userID || caller.can(.filesManage, on: [])
        return FileView(file, addresses, tellsOwner: tellsOwner)
    }

    /// Bytes that this caller's files may have together.
    func quota(of caller: Caller) -> Int {
        guard !roleQuotas.isEmpty, let grants = caller.principal?.grants else { return quota }
        return grants.reduce(quota) { max($0, roleQuotas[$1.role] ?? 0) }
    }

    // MARK: Keeping

    /// Puts a file into the storage. Its row is written before and counts only afterwards: an object whose upload was
    /// interrupted has a row by which the clean-up finds it, whatever the storage.
    ///
    /// - Parameters:
    ///   - quota: bytes of its owner's files together, with this one; nil where nobody asks, or room has been kept for it.
    ///   - upload: which is complete with this.
    func accept(
        _ arrived: ArrivedFile, _ new: NewFile, quota: Int?, completing upload: DirectUpload? = nil
    ) async throws -> StoredFile {
        try await database.execute(FileQueries.announce(new))
        do {
            try await stores[new.storage].put(arrived, as: new.key, type: arrived.inspection.type)
            return try await database.transaction { _ in
                _ = try await database.first(FileQueries.lockOwner(new.ownerID))
                if let quota, try await database.one(FileQueries.used(by: new.ownerID, now: new.now)) + new.size > quota {
                    throw FileProblem.quotaExceeded
                }
                if let upload, try await database.execute(DirectUploadQueries.complete(upload.id, now: new.now)) == 0 {
                    throw FileProblem.uploadBusy
                }
                try await database.execute(FileQueries.appear(new.id))
                if new.thumbState == .pending {
                    try await jobs.enqueue(FileJobs.thumbnail, FileTask(fileID: new.id), dedupe: "thumbnail:\(new.id)")
                }
                let file = try await file(new.id)
                if file.thumbState != .pending { try await outbox.publish(FileNews(file: file).event) }
                return file
            }
        } catch {
            // Where the database or the storage was lost the file may be there all the same, or come yet: its row stays for the
            // clean-up. Else nothing stays behind.
            let isUnknown = (error as? DatabaseError)?.isOutage == true
                || (error as? Problem)?.code == FileProblem.storageUnavailable.rawValue
            // What cannot be taken away now is found by the nightly cleaning; why the file was refused is what the caller hears.
            if !isUnknown { try? await carryOutPurge(new.id) }
            throw error
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
            try await use.remove(id)
        }
    }

    // MARK: Clean-up

    /// Takes a deleted file out of its storage, and then its row. Repeatable.
    func carryOutPurge(_ id: ID<StoredFile>) async throws {
        guard let file = try await database.first(FileQueries.deleted(id)) else { return }
        let store = try stores[file.storage]
        try await store.remove(file.key, size: file.size)
        try await store.remove(file.key + ".thumb.jpg", size: 0)
        try await database.execute(FileQueries.forget(id))
        meters?.purged()
    }

    /// A file is as complete as it will be: in the transaction that made it so.
    func isReady(_ id: ID<StoredFile>) async throws {
        guard let file = try await database.first(FileQueries.file(id)) else { return }
        try await outbox.publish(FileNews(file: file).event)
    }

    /// What an interrupted upload has left, or a purge that failed for good, is purged; what nothing has held for 24 hours
    /// goes, and what was to be kept for a time that is over (0-platform, 4.9 and 5.2).
    func cleanUp() async throws {
        try await stores.arrivals.sweep()
        let now = clock.now()
        try await use.purge(try await database.all(FileQueries.left(before: now - .seconds(3600))))
        let over = try await database.all(DirectUploadQueries.over(before: now - DirectUpload.patience))
        try await jobs.enqueue(FileJobs.endUpload, all: over.map { FileTask(fileID: $0) }) { "end-upload:\($0.fileID)" }
        var count = 0
        repeat {
            count = try await database.transaction { _ in
                let gone = try await database.all(
                    FileQueries.deleteOverdue(unattachedBefore: now - .seconds(86_400), today: now.day, now: now))
                try await use.purge(gone)
                return gone.count
            }
        } while count == 500
    }
}

extension Permission {
    package static let filesManage: Permission = "files:manage"
}
