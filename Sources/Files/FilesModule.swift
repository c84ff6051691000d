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
    package var healthChecks: [HealthCheck] {
        [
            .disk(of: files.stores.arrivals.folder, named: "files_disk", pool: files.pool),
            HealthCheck("storage") { [stores = files.stores] in stores.isWell },
        ]
    }

    package static var statements: [StatementSample] { FileQueries.samples }
}

extension Files {
    /// The door as the settings have it.
    package convenience init(
        _ settings: Settings, through parts: OutsideParts, purposes: FilePurposes = FilePurposes(), jobs: Jobs,
        pool: BlockingPool, dataKey: [UInt8], path: String = "/usr/local/bin:/usr/bin:/bin"
    ) {
        let key = settings[FileSettings.urlKey].map { Array($0.utf8) } ?? HMACSHA256.authenticate("files.urls", key: dataKey)
        self.init(
            database: parts.database, purposes: purposes,
            addresses: FileAddresses(
                server: PublicAddresses(settings).server, key: key, publicBase: settings[FileSettings.s3PublicURL]),
            stores: FileStores(settings, through: parts, pool: pool),
            quota: settings[FileSettings.quota].bytes, jobs: jobs, pool: pool,
            thumbnails: Thumbnails(path: path), clock: parts.clock)
    }
}
