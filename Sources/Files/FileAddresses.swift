import Crypto
import Service
import Values

/// Under which addresses files are reached, and for how long.
package struct FileAddresses: Sendable {
    package static let base = "/api/v1/files"
    private let server: String
    private let key: HMACSHA256

    /// - Parameter server: PUBLIC_URL.
    package init(server: String, key: [UInt8]) {
        self.server = server
        self.key = HMACSHA256(key: key)
    }

    /// What of a file an address is about.
    enum Variant: String {
        case content, thumbnail
    }

    /// For those who may read it; for everybody when it is public.
    func address(_ id: ID<StoredFile>, _ variant: Variant = .content) -> String { "\(server)\(Self.base)/\(id)/\(variant)" }

    /// For whoever holds the address, until then.
    func signed(_ id: ID<StoredFile>, _ variant: Variant = .content, until expires: Instant) -> String {
        let seconds = expires.secondsSince1970
        return "\(address(id, variant))?expires=\(seconds)&signature=\(Base64.encodeURL(code(id, variant, seconds)))"
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
