import Crypto
import HTTP
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
    /// Nil where nobody reads pictures.
    package let recognitions: Recognitions?
    private let avatars: Avatars

    package init(_ files: Files, recognitions: Recognitions? = nil, identity: IdentityModule) {
        self.files = files
        self.recognitions = recognitions
        avatars = Avatars(files: files, identity: identity)
    }

    package var operations: [Operation] { 
        FileOperations.all(files) + (recognitions.map { RecognitionOperations.all(files, $0) } ?? []) + avatars.operations
    }
    package var jobs: [JobType] { FileJobs.types(files, recognitions) }
    package var schedules: [Schedule] { FileJobs.schedules }
    package var queues: [Queue] { FileJobs.queues }
    package var eventHandlers: [EventHandler] { [avatars.farewell] }
    package var personalData: [PersonalData] { [files.personal] + (recognitions.map { [$0.personal] } ?? []) }
    package var healthChecks: [HealthCheck] {
        [
            .disk(of: files.stores.arrivals.folder, named: "files_disk", pool: files.pool),
            HealthCheck("storage") { [stores = files.stores] in stores.isWell },
        ]
    }

    package static var statements: [StatementSample] { FileQueries.samples + DirectUploadQueries.samples + RecognitionQueries.samples }
}

extension Files {
    /// The door as the settings have it.
    package convenience init(
        _ settings: Settings, through parts: OutsideParts, purposes: FilePurposes = FilePurposes(), jobs: Jobs,
        outbox: Outbox, pool: BlockingPool, dataKey: [UInt8], path: String = "/usr/local/bin:/usr/bin:/bin"
    ) {
        let key = settings[FileSettings.urlKey].map { Array($0.utf8) } ?? HMACSHA256.authenticate("files.urls", key: dataKey)
        self.init(
            database: parts.database, purposes: purposes,
            addresses: FileAddresses(
                server: PublicAddresses(settings).server, key: key, publicBase: settings[FileSettings.s3PublicURL]),
            stores: FileStores(settings, through: parts, pool: pool),
            quota: settings[FileSettings.quota].bytes,
            roleQuotas: Dictionary(settings[FileSettings.roleQuotas].map { ($0.role, $0.bytes) }) { max($0, $1) }, jobs: jobs, outbox: outbox, pool: pool, metrics: parts.metrics,
            thumbnails: Thumbnails(path: path), clock: parts.clock)
    }
}

extension Recognitions {
    /// The door as the settings have it.
    package convenience init(
        _ settings: Settings, _ files: Files, jobs: Jobs, through parts: OutsideParts, alarm: @escaping Alarm,
        path: String = "/usr/local/bin:/usr/bin:/bin"
    ) {
        let mode = settings[RecognitionSettings.mode]
        let local = mode == .perplexity
            ? nil : TesseractReader(program: settings[RecognitionSettings.tesseract], path: path)
        var model: PerplexityReader?
        if mode != .tesseract, let key = settings[RecognitionSettings.perplexityKey],
            let base = ClientURL(settings[RecognitionSettings.perplexityURL])
        {
            model = PerplexityReader(base: base, key: key, through: parts, pool: files.pool)
        }
        self.init(
            files, jobs: jobs, local: local, model: model,
            budget: RecognitionBudget(
                perUserAndDay: settings[RecognitionSettings.perUserAndDay] * 1_000_000,
                perMonth: settings[RecognitionSettings.perMonth] * 1_000_000),
            alarm: alarm, log: parts.log)
    }
}
