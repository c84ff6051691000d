import Crypto
import Service
import Support
import Synchronization

/// S3 as it answers over a socket: path style, one bucket, and every signature counted anew from what has come.
final class S3Emulator: Sendable {
    static let accessKey = "AKIDEXAMPLE"
    static let secretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    static let region = "auto"
    static let bucket = "files"

    struct Held: Equatable, Sendable {
        let bytes: [UInt8]
        let type: String
    }

    private struct Upload {
        let key: String
        let type: String
        var parts: [Int: [UInt8]] = [:]
    }

    private struct State {
        var objects: [String: Held] = [:]
        var uploads: [String: Upload] = [:]
        /// What the next requests are answered, whatever they are.
        var troubles: [Trouble] = []
        /// Signatures that did not hold.
        var refused = 0
        var now = ""
    }

    enum Trouble: Sendable {
        case status(Int)
        case brokenOff
        /// Carried out, and then broken off.
        case unanswered
        /// Only what this asks is hit; others go on.
        indirect case on(String, Trouble)
        /// 200, and an error in the body.
        case errorInside
    }

    private let state = Mutex(State())
    private let service = Mutex<EmulatedService?>(nil)

    init() throws {
        let service = try EmulatedService { [weak self] request in self?.answer(request) ?? .brokenOff }
        self.service.withLock { $0 = service }
    }

    var url: String { service.withLock { $0?.url ?? "" } }
    var seen: [EmulatedRequest] { service.withLock { $0?.seen ?? [] } }
    var objects: [String: Held] { state.withLock { $0.objects } }
    var openUploads: Int { state.withLock { $0.uploads.count } }
    var refused: Int { state.withLock { $0.refused } }
    func trouble(_ troubles: Trouble...) { state.withLock { $0.troubles = troubles } }
    func put(_ key: String, _ bytes: [UInt8]) { state.withLock { $0.objects[key] = Held(bytes: bytes, type: "") } }
    func forget(_ key: String) { state.withLock { _ = $0.objects.removeValue(forKey: key) } }
    /// Its answers end, and nobody listens.
    func stop() { service.withLock { $0?.stop() } }

    // MARK: Answering

    private func answer(_ request: EmulatedRequest) -> EmulatedAnswer {
        if let refusal = S3Signature(request)?.refusal ?? (S3Signature(request) == nil ? "AccessDenied" : nil) {
            state.withLock { $0.refused += 1 }
            return Self.error(403, refusal)
        }
        let trouble: Trouble? = state.withLock { state in
            guard let first = state.troubles.first else { return nil }
            if case .on(let what, let trouble) = first {
                guard request.method == what || request.query(what) != nil else { return nil }
                state.troubles.removeFirst()
                return trouble
            }
            return state.troubles.removeFirst()
        }
        switch trouble {
        case nil, .on: return state.withLock { carryOut(request, &$0) }
        case .status(let status): return Self.error(status, status == 503 ? "SlowDown" : "InternalError")
        case .brokenOff: return .brokenOff
        case .unanswered:
            _ = state.withLock { carryOut(request, &$0) }
            return .brokenOff
        case .errorInside: return .answer(200, fields: [], body: Array("<Error><Code>InternalError</Code></Error>".utf8))
        }
    }

    private func carryOut(_ request: EmulatedRequest, _ state: inout State) -> EmulatedAnswer {
        let prefix = "/\(Self.bucket)"
        guard request.path.hasPrefix(prefix) else { return Self.error(404, "NoSuchBucket") }
        let key = String(request.path.dropFirst(prefix.count + 1))
        if key.isEmpty, request.query("uploads") != nil {
            let list = state.uploads.filter { $0.value.key.hasPrefix(request.query("prefix") ?? "") }.map { id, upload in
                "<Upload><Key>\(upload.key)</Key><UploadId>\(id)</UploadId></Upload>"
            }
            return Self.xml("<ListMultipartUploadsResult>\(list.joined())</ListMultipartUploadsResult>")
        }
        switch (request.method, request.query("uploadId")) {
        case ("POST", nil) where request.query("uploads") != nil:
            let id = "u/\(state.uploads.count + 1)+&"
            state.uploads[id] = Upload(key: key, type: request.field("content-type") ?? "")
            return Self.xml("<InitiateMultipartUploadResult><UploadId>u/\(state.uploads.count)+&amp;</UploadId></InitiateMultipartUploadResult>")
        case ("PUT", let id?):
            guard let number = request.query("partNumber").flatMap({ Int($0) }), state.uploads[id]?.key == key else {
                return Self.error(404, "NoSuchUpload")
            }
            state.uploads[id]?.parts[number] = request.body
            return .answer(200, fields: [("ETag", Self.tag(request.body))], body: [])
        case ("POST", let id?):
            guard let upload = state.uploads[id], upload.key == key else { return Self.error(404, "NoSuchUpload") }
            let parts = upload.parts.sorted { $0.key < $1.key }
            let wanted = parts.map { "<Part><PartNumber>\($0.key)</PartNumber><ETag>\(Self.tag($0.value).replacing("\"", with: "&quot;"))</ETag></Part>" }
            guard request.text == "<CompleteMultipartUpload>\(wanted.joined())</CompleteMultipartUpload>" else {
                return Self.error(400, "InvalidPart")
            }
            state.objects[key] = Held(bytes: parts.flatMap(\.value), type: upload.type)
            state.uploads[id] = nil
            return Self.xml("<CompleteMultipartUploadResult><Key>\(key)</Key></CompleteMultipartUploadResult>")
        case ("DELETE", let id?):
            return state.uploads.removeValue(forKey: id) == nil ? Self.error(404, "NoSuchUpload") : .empty(204)
        case ("PUT", nil):
            state.objects[key] = Held(bytes: request.body, type: request.field("content-type") ?? "")
            return .answer(200, fields: [("ETag", Self.tag(request.body))], body: [])
        case ("GET", nil): return Self.read(state.objects[key], request)
        case ("DELETE", nil):
            state.objects[key] = nil
            return .empty(204)
        default: return Self.error(405, "MethodNotAllowed")
        }
    }

    private static func read(_ held: Held?, _ request: EmulatedRequest) -> EmulatedAnswer {
        guard let held else { return error(404, "NoSuchKey") }
        let type = [(name: "Content-Type", value: request.query("response-content-type") ?? held.type)]
        guard let range = request.field("range")?.dropFirst("bytes=".count).split(separator: "-").map({ Int($0) ?? 0 }) else {
            return .answer(200, fields: type, body: held.bytes)
        }
        return .answer(206, fields: type, body: Array(held.bytes[range[0]...range[1]]))
    }

    private static func tag(_ bytes: [UInt8]) -> String { "\"\(Hex.encode(SHA256.digest(of: bytes)).prefix(32))\"" }
    private static func xml(_ text: String) -> EmulatedAnswer { .answer(200, fields: [("Content-Type", "application/xml")], body: Array(text.utf8)) }

    private static func error(_ status: Int, _ code: String) -> EmulatedAnswer {
        .answer(status, fields: [], body: Array("<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>no</Message></Error>".utf8))
    }
}

/// The proof that came with a request, and what it ought to be: made of the request as it was read, not as it was written.
private struct S3Signature {
    /// Why it does not hold.
    private(set) var refusal: String?

    /// Nil without one.
    init?(_ request: EmulatedRequest) {
        if let field = request.field("authorization") {
            guard field.hasPrefix("AWS4-HMAC-SHA256 ") else { return nil }
            let parts = field.dropFirst(17).split(separator: ",").map { $0.drop { $0 == " " }.split(separator: "=", maxSplits: 1) }
            guard parts.count == 3, parts.map({ $0[0] }) == ["Credential", "SignedHeaders", "Signature"] else { return nil }
            let names = parts[1][1].split(separator: ";").map(String.init)
            let sent = request.field("x-amz-content-sha256") ?? ""
            check(request, String(parts[0][1]), names, String(parts[2][1]), request.query, time: request.field("x-amz-date") ?? "", digest: sent)
            for needed in ["host", "x-amz-date", "x-amz-content-sha256"] where !names.contains(needed) { refusal = "AccessDenied" }
            if sent != Hex.encode(SHA256.digest(of: request.body)) { refusal = "XAmzContentSHA256Mismatch" }
        } else {
            guard let signature = request.query("X-Amz-Signature"), let credential = request.query("X-Amz-Credential"),
                let names = request.query("X-Amz-SignedHeaders"), let time = request.query("X-Amz-Date"),
                request.query("X-Amz-Algorithm") == "AWS4-HMAC-SHA256", request.query("X-Amz-Expires") != nil
            else { return nil }
            check(
                request, credential, names.split(separator: ";").map(String.init), signature,
                request.query.filter { $0.name != "X-Amz-Signature" }, time: time, digest: "UNSIGNED-PAYLOAD")
        }
    }

    private mutating func check(
        _ request: EmulatedRequest, _ credential: String, _ names: [String], _ signature: String,
        _ query: [(name: String, value: String)], time: String, digest: String
    ) {
        let scope = credential.split(separator: "/").map(String.init)
        guard scope == [S3Emulator.accessKey, String(time.prefix(8)), S3Emulator.region, "s3", "aws4_request"] else {
            refusal = "InvalidAccessKeyId"
            return
        }
        let members = query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.sorted()
        var canonical = "\(request.method)\n\(request.path)\n\(members.joined(separator: "&"))\n"
        for name in names { canonical += "\(name):\(request.field(name) ?? "")\n" }
        canonical += "\n\(names.joined(separator: ";"))\n\(digest)"
        let text = "AWS4-HMAC-SHA256\n\(time)\n\(scope[1...].joined(separator: "/"))\n\(Hex.encode(SHA256.digest(of: canonical)))"
        let key = scope[1...].reduce(Array("AWS4\(S3Emulator.secretKey)".utf8)) { HMACSHA256.authenticate($1, key: $0) }
        if Hex.encode(HMACSHA256.authenticate(text, key: key)) != signature { refusal = "SignatureDoesNotMatch" }
    }
}
