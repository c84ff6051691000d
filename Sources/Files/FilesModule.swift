import Crypto
import Identity
import Jobs
import Postgres
import Runtime
import Service
import Values

/// What this module adds to the program.
package struct FilesModule: Module {
    package let name = "files"
    package let files: Files
    private let avatars: Avatars

    package init(_ files: Files, identity: IdentityModule) {
        self.files = files
        avatars = Avatars(files: files, identity: identity)
    }

    package var operations: [Operation] { FileOperations.all(files) + avatars.operations }
    package var jobs: [JobType] { FileJobs.types(files) }
    package var schedules: [Schedule] { FileJobs.schedules }
    package var queues: [Queue] { FileJobs.queues }
    package var eventHandlers: [EventHandler] { [avatars.farewell] }

    package static var statements: [StatementSample] { FileQueries.samples }
}

extension Files {
    /// The door as the settings have it.
    package convenience init(
        _ settings: Settings, database: Database, purposes: FilePurposes = FilePurposes(), jobs: Jobs, pool: BlockingPool,
        dataKey: [UInt8], path: String = "/usr/local/bin:/usr/bin:/bin", clock: Clock = .system
    ) {
        let folder = settings[FileSettings.folder] ?? settings[GeneralSettings.dataFolder] + "/files"
        let key = settings[FileSettings.urlKey].map { Array($0.utf8) } ?? HMACSHA256.authenticate("files.urls", key: dataKey)
        self.init(
            database: database, purposes: purposes,
            addresses: FileAddresses(server: PublicAddresses(settings).server, key: key), folder: folder,
            quota: settings[FileSettings.quota].bytes, jobs: jobs, pool: pool,
            thumbnails: Thumbnails(path: path), clock: clock)
    }
}
