import Service

/// Settings of files.
package enum FileSettings {
    package static let storage = Setting<FileStorage>(
        "STORAGE", "files.storage", default: .local,
        meaning: "Where new files go: a folder, S3 or what speaks like it, or Supabase. Files of other times stay where they are.",
        conflict: { storage, settings in
            switch storage {
            case .local: nil
            case .s3: S3Account(settings) == nil ? "needs S3_BUCKET, S3_ACCESS_KEY and S3_SECRET_KEY" : nil
            case .supabase:
                SupabaseAccount(settings) == nil ? "needs SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY and SUPABASE_BUCKET" : nil
            }
        })
    package static let folder = Setting<String?>(
        "FILES_DIR", "files.folder", default: nil,
        meaning: "Folder of uploaded files, shared by all instances, or where they arrive on their way to a storage elsewhere. Left out: files below DATA_DIR.")
    package static let urlKey = Setting<String?>(
        "FILE_URL_KEY", "files.urlKey", default: nil, .length(atLeast: 32), secret: true, requiredInProduction: true,
        meaning: "What signed addresses of files are signed with; the same on all instances. Outside production made of the data key unless set.")
    package static let quota = Setting<ByteCount>(
        "FILES_QUOTA", "files.quota", default: 1_073_741_824, .range(1_048_576...1_099_511_627_776),
        meaning: "Bytes that one account's files may have together.")
    package static let roleQuotas = Setting<[RoleQuota]>(
        "FILES_QUOTA_BY_ROLE", "files.roleQuotas", default: [],
        meaning: "The same for holders of roles who may have more: content_manager=20480M, admin=51200M.")
    package static let direct = Setting<Bool>(
        "FILES_DIRECT", "files.direct", default: false,
        meaning: "Sends clients to S3 or Supabase for content (302, an address that holds for five minutes) instead of passing it on, and has them bring direct uploads to S3.")

    package static let s3Endpoint = Setting<String?>(
        "S3_ENDPOINT", "s3.endpoint", default: nil, .webAddress,
        meaning: "Where S3 is asked, path style; for R2 https://<account>.r2.cloudflarestorage.com. Left out: Amazon's of the region.")
    package static let s3Region = Setting<String>(
        "S3_REGION", "s3.region", default: "us-east-1", .notEmpty, meaning: "Region of the bucket; auto for R2.")
    package static let s3Bucket = Setting<String?>("S3_BUCKET", "s3.bucket", default: nil, meaning: "Bucket of the files.")
    package static let s3AccessKey = Setting<String?>(
        "S3_ACCESS_KEY", "s3.accessKey", default: nil, meaning: "Id of the key that requests are signed with.")
    package static let s3SecretKey = Setting<String?>(
        "S3_SECRET_KEY", "s3.secretKey", default: nil, secret: true, meaning: "The key itself.")
    package static let s3PublicURL = Setting<String?>(
        "S3_PUBLIC_URL", "s3.publicURL", default: nil, .webAddress,
        meaning: "Where everybody can read the bucket's public files (a content network before it). Left out, they are passed on.")

    package static let supabaseURL = Setting<String?>(
        "SUPABASE_URL", "supabase.url", default: nil, .webAddress, meaning: "Project at Supabase.")
    package static let supabaseKey = Setting<String?>(
        "SUPABASE_SERVICE_ROLE_KEY", "supabase.serviceRoleKey", default: nil, secret: true,
        meaning: "Service key of the project.")
    package static let supabaseBucket = Setting<String?>(
        "SUPABASE_BUCKET", "supabase.bucket", default: nil,
        meaning: "Bucket of the files; made, and not public, where there is none.")

    package static let rows: [any SettingRow] = [
        storage, folder, urlKey, quota, roleQuotas, direct, s3Endpoint, s3Region, s3Bucket, s3AccessKey, s3SecretKey, s3PublicURL, supabaseURL,
        supabaseKey, supabaseBucket,
    ]
}

extension FileStorage: SettingValue {}

/// Bytes that holders of a role may store: `admin=51200M`.
package struct RoleQuota: SettingValue, Equatable {
    package let role: String
    private let size: ByteCount

    var bytes: Int { size.bytes }

    package static var expectation: String { "a role with what it may store, as admin=51200M" }

    package init?(setting text: String) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let size = ByteCount(setting: String(parts[1])), size.bytes > 0 else { return nil }
        role = String(parts[0])
        self.size = size
    }

    package var settingText: String { "\(role)=\(size.settingText)" }
}
