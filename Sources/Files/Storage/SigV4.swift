import Crypto
import HTTP
import Service
import Values

/// AWS Signature Version 4, with which requests to S3 and what speaks like it are signed.
struct SigV4: Sendable {
    static let algorithm = "AWS4-HMAC-SHA256"
    /// Instead of the digest of a body, where the signature is made for somebody who has it yet.
    static let unsigned = "UNSIGNED-PAYLOAD"
    /// Of no bytes.
    static let emptyDigest = Hex.encode(SHA256.digest(of: ""))

    let accessKey: String
    let secretKey: String
    let region: String
    var service = "s3"

    /// The fields of a request to S3 with those that prove it: all of them are signed.
    ///
    /// - Parameter digest: hexadecimal SHA-256 of the body.
    func fields(
        _ method: Method, _ url: ClientURL, _ fields: [(name: String, value: String)] = [], digest: String, at now: Instant
    ) -> [(name: String, value: String)] {
        let all = fields + [("x-amz-content-sha256", digest), ("x-amz-date", Self.time(now))]
        return all + [("Authorization", authorization(method, url, all, digest: digest, at: now))]
    }

    /// The Authorization field for these fields and Host.
    func authorization(
        _ method: Method, _ url: ClientURL, _ fields: [(name: String, value: String)], digest: String, at now: Instant
    ) -> String {
        let signed = Self.canonical(fields + [("host", url.authority)])
        let parts = url.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = Self.request(
            method, path: String(parts[0]), query: parts.count == 2 ? String(parts[1]) : "", signed, digest: digest)
        return "\(Self.algorithm) Credential=\(accessKey)/\(scope(now)), SignedHeaders=\(Self.names(signed)), "
            + "Signature=\(signature(of: request, at: now))"
    }

    /// An address by which whoever holds it may make this one request until then.
    ///
    /// - Parameters:
    ///   - url: may have a query.
    ///   - fields: that the request has to have, besides Host.
    ///   - seconds: at most a week.
    func address(
        _ method: Method, _ url: ClientURL, _ fields: [(name: String, value: String)] = [], for seconds: Int, at now: Instant
    ) -> String {
        let signed = Self.canonical(fields + [("host", url.authority)])
        let parts = url.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let own = PercentEncoding.form([
            ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", "\(accessKey)/\(scope(now))"),
            ("X-Amz-Date", Self.time(now)), ("X-Amz-Expires", "\(seconds)"), ("X-Amz-SignedHeaders", Self.names(signed)),
        ])
        let query = parts.count == 2 ? "\(parts[1])&\(own)" : own
        let request = Self.request(
            method, path: String(parts[0]), query: query, signed, digest: Self.unsigned)
        let origin = url.description.dropLast(url.target.count)
        return "\(origin)\(parts[0])?\(query)&X-Amz-Signature=\(signature(of: request, at: now))"
    }

    // MARK: What is signed

    /// Names in lower case and in order, blanks made single.
    private static func canonical(_ fields: [(name: String, value: String)]) -> [(name: String, value: String)] {
        fields.map { field in
            (field.name.lowercased(), field.value.split(separator: " ").joined(separator: " "))
        }.sorted { $0.0 < $1.0 }
    }

    private static func names(_ fields: [(name: String, value: String)]) -> String {
        fields.map(\.name).joined(separator: ";")
    }

    /// The canonical request. The path stands as it is sent: S3 does not encode it a second time.
    private static func request(
        _ method: Method, path: String, query: String, _ fields: [(name: String, value: String)], digest: String
    ) -> String {
        let members = query.split(separator: "&").map { member in
            let parts = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: parts.count == 2 ? String(parts[1]) : "")
        }.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
        let lines = fields.map { "\($0.name):\($0.value)\n" }.joined()
        let text = members.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        return "\(method.name)\n\(path)\n\(text)\n\(lines)\n\(names(fields))\n\(digest)"
    }

    private func signature(of request: String, at now: Instant) -> String {
        let day = String(Self.time(now).prefix(8))
        let text = "\(Self.algorithm)\n\(Self.time(now))\n\(scope(now))\n\(Hex.encode(SHA256.digest(of: request)))"
        var key = Array("AWS4\(secretKey)".utf8)
        for part in [day, region, service, "aws4_request"] { key = HMACSHA256.authenticate(part, key: key) }
        return Hex.encode(HMACSHA256.authenticate(text, key: key))
    }

    private func scope(_ now: Instant) -> String { "\(Self.time(now).prefix(8))/\(region)/\(service)/aws4_request" }

    /// `20150830T123600Z`.
    static func time(_ now: Instant) -> String {
        now.description.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }
}
