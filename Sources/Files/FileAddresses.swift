import Crypto
import Service
import Values

/// Under which addresses files are reached, and for how long.
package struct FileAddresses: Sendable {
    package static let base = "/api/v1/files"
    private let server: String
    private let key: HMACSHA256
    /// Where everybody can read public files of S3 without us.
    private let publicBase: String?

    /// - Parameters:
    ///   - server: PUBLIC_URL.
    ///   - publicBase: S3_PUBLIC_URL.
    package init(server: String, key: [UInt8], publicBase: String? = nil) {
        self.server = server
        self.publicBase = publicBase
        self.key = HMACSHA256(key: key)
    }

    /// What of a file an address is about.
    enum Variant: String {
        case content, thumbnail, upload
    }

    /// For those who may read it; for everybody when it is public.
    func address(_ id: ID<StoredFile>, _ variant: Variant = .content) -> String { "\(server)\(Self.base)/\(id)/\(variant)" }

    /// The same, of a public file where everybody can read it, if that is elsewhere.
    func address(of file: StoredFile, _ variant: Variant = .content) -> String {
        guard let publicBase, file.isPublic, file.storage == .s3 else { return address(file.id, variant) }
        return "\(publicBase)/\(variant == .content ? file.key : file.thumbKey)"
    }

    /// For whoever holds the address, until then.
    func signed(_ id: ID<StoredFile>, _ variant: Variant = .content, until expires: Instant) -> String {
        let seconds = expires.secondsSince1970
        return "\(address(id, variant))?expires=\(seconds)&signature=\(Base64.encodeURL(code(id, variant, seconds)))"
    }

    /// Where whoever holds the address may bring the bytes of a file, until then.
    func upload(_ id: ID<StoredFile>, until expires: Instant) -> String {
        let seconds = expires.secondsSince1970
        return "\(server)/api/v1/uploads/direct/\(id)/content?expires=\(seconds)"
            + "&signature=\(Base64.encodeURL(code(id, .upload, seconds)))"
    }

    /// Whether an address holds: nobody has changed it, and its time is not over.
    func holds(_ id: ID<StoredFile>, _ variant: Variant, expires: Int64, signature: String, at now: Instant) -> Bool {
        guard let bytes = Base64.decodeURL(Array(signature.utf8)) else { return false }
        return ConstantTime.equal(bytes, code(id, variant, expires)) && now.secondsSince1970 < expires
    }

    /// HMAC-SHA256(key, id|variant|expires) (0-platform, 4.9).
    private func code(_ id: ID<StoredFile>, _ variant: Variant, _ expires: Int64) -> [UInt8] {
        key.authenticate(Array("\(id)|\(variant)|\(expires)".utf8))
    }
}
