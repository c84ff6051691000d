import Jobs
import Postgres
import Service
import Values

/// How other modules take files into use, in the transactions of their own changes, and let them go.
package struct FileUse: Sendable {
    private let database: Database
    private let jobs: Jobs
    private let clock: Clock

    package init(database: Database, jobs: Jobs, clock: Clock = .system) {
        self.database = database
        self.jobs = jobs
        self.clock = clock
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

    /// The same of several, by one statement. Throws what names the first that is not the user's, of the purpose and free.
    ///
    /// - Parameter field: of the input that names them.
    package func attach(
        _ ids: [ID<StoredFile>], to object: FileObject, purpose: String, of user: UUID, field: String = "fileIds"
    ) async throws {
        if ids.isEmpty { return }
        let attached = Set(
            try await database.all(FileQueries.attach(ids, to: object, purpose: purpose, of: user, now: clock.now())))
        guard let place = ids.firstIndex(where: { !attached.contains($0) }) else { return }
        throw InvalidInput(
            field: "\(field)[\(place)]", code: "unknown", message: "There is no such file of yours for this purpose, or it is in use.")
    }

    /// Takes away the files of a purpose that belong to something.
    package func release(_ object: FileObject, purpose: String) async throws {
        try await database.transaction { _ in
            try await purge(try await database.all(FileQueries.delete(of: object, purpose: purpose, now: clock.now())))
        }
    }

    /// Takes a file away. Within a transaction.
    package func remove(_ id: ID<StoredFile>) async throws {
        if try await database.first(FileQueries.delete(id, now: clock.now())) != nil { try await purge([id]) }
    }

    /// Takes several away, by one statement. Within a transaction.
    package func remove(_ ids: [ID<StoredFile>]) async throws {
        if ids.isEmpty { return }
        try await purge(try await database.all(FileQueries.delete(ids, now: clock.now())))
    }

    /// Has objects taken out of their storage.
    func purge(_ ids: [ID<StoredFile>]) async throws {
        for id in ids { try await jobs.enqueue(FileJobs.purge, FileTask(fileID: id), dedupe: "purge:\(id)") }
    }
}
