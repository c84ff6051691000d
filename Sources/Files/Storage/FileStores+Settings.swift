import HTTP
import Runtime
import Service

/// An account at S3, or at what speaks like it.
struct S3Account {
    let bucket: ClientURL
    let signer: SigV4

    /// Nil where it is not set up.
    init?(_ settings: Settings) {
        let region = settings[FileSettings.s3Region]
        let endpoint = settings[FileSettings.s3Endpoint] ?? "https://s3.\(region).amazonaws.com"
        guard let name = settings[FileSettings.s3Bucket], let key = settings[FileSettings.s3AccessKey],
            let secret = settings[FileSettings.s3SecretKey],
            let bucket = ClientURL("\(endpoint)/\(PercentEncoding.encode(name))")
        else { return nil }
        self.bucket = bucket
        signer = SigV4(accessKey: key, secretKey: secret, region: region)
    }
}

/// A project at Supabase.
struct SupabaseAccount {
    let base: ClientURL
    let key: String
    let bucket: String

    /// Nil where it is not set up.
    init?(_ settings: Settings) {
        guard let base = settings[FileSettings.supabaseURL].flatMap({ ClientURL($0) }),
            let key = settings[FileSettings.supabaseKey], let bucket = settings[FileSettings.supabaseBucket]
        else { return nil }
        self.base = base
        self.key = key
        self.bucket = bucket
    }
}

extension FileStores {
    /// The storage that STORAGE names, and every other one that is set up.
    init(_ settings: Settings, through parts: OutsideParts, pool: BlockingPool) {
        let folder = settings[FileSettings.folder] ?? settings[GeneralSettings.dataFolder] + "/files"
        let local = LocalStore(folder: folder, pool: pool)
        let arrivals = local.arrivals
        let direct = settings[FileSettings.direct]
        var stores: [any FileStore] = [local]
        if let account = S3Account(settings) {
            let objects = S3Objects(
                bucket: account.bucket, signer: account.signer, calls: StoreCalls("s3", through: parts), clock: parts.clock)
            stores.append(RemoteStore(objects, arrivals: arrivals, sendsThere: direct))
        }
        if let account = SupabaseAccount(settings) {
            let objects = SupabaseObjects(
                base: account.base, bucket: account.bucket, key: account.key, calls: StoreCalls("supabase", through: parts))
            stores.append(RemoteStore(objects, arrivals: arrivals, sendsThere: direct))
        }
        let current = stores.first { $0.storage == settings[FileSettings.storage] } ?? local
        self.init(current, others: stores.filter { $0.storage != current.storage }, arrivals: arrivals)
    }

    /// A folder and nothing else.
    static func folder(_ folder: String, pool: BlockingPool) -> FileStores {
        let store = LocalStore(folder: folder, pool: pool)
        return FileStores(store, arrivals: store.arrivals)
    }
}
