import HTTP
import JSON
import Service

/// Supabase Storage, with the service key; its bucket is private and made where there is none.
struct SupabaseObjects: RemoteObjects {
    let storage = FileStorage.supabase
    let calls: StoreCalls
    private let base: ClientURL
    private let bucket: String
    private let fields: [(name: String, value: String)]

    /// - Parameter base: SUPABASE_URL.
    init(base: ClientURL, bucket: String, key: String, calls: StoreCalls) {
        self.base = base
        self.bucket = bucket
        self.calls = calls
        fields = [("Authorization", "Bearer \(key)"), ("apikey", key)]
    }

    func upload(_ file: FileOnDisk, sha256: [UInt8], as key: String, mime: String) async throws {
        let send = {
            try await calls.ask {
                var request = try request(
                    .post, "/object/\(bucket)/\(Self.path(key))", [("Content-Type", mime), ("x-upsert", "true")])
                request.source = file.body(0..<file.size)
                return request
            }
        }
        var answer = try await send()
        if SupabaseRefusal(answer)?.isAboutBucket == true {
            try await makeBucket()
            answer = try await send()
        }
        guard answer.status == 200 else { throw refused(answer) }
    }

    func download(
        _ key: String, _ range: Range<Int>?, _ pass: nonisolated(nonsending) (IncomingResponse) async throws -> Void
    ) async throws {
        try await calls.fetch {
            try request(.get, "/object/authenticated/\(bucket)/\(Self.path(key))", rangeFields(range))
        } _: { incoming in
            if incoming.status == (range == nil ? 200 : 206) { return try await pass(incoming) }
            let text = String(decoding: try await incoming.collect(atMost: 1 << 16), as: UTF8.self)
            let answer = StoreAnswer(status: incoming.status, etag: nil, text: text)
            throw SupabaseRefusal(answer)?.status == 404 ? FileGone(key: key) : refused(answer)
        }
    }

    func remove(_ key: String, size: Int) async throws {
        let body = JSONValue.object([("prefixes", .array([.string(key)]))])
        let answer = try await calls.ask { try request(.delete, "/object/\(bucket)", [], body) }
        guard answer.status == 200 || SupabaseRefusal(answer)?.status == 404 else { throw refused(answer) }
    }

    func address(of object: ObjectOnShow, for seconds: Int) async throws -> String {
        let body = JSONValue.object([("expiresIn", .number("\(seconds)"))])
        let answer = try await calls.ask { try request(.post, "/object/sign/\(bucket)/\(Self.path(object.key))", [], body) }
        guard answer.status == 200, let path = JSONValue.text(answer.text)?["signedURL"]?.string, path.hasPrefix("/"),
            let url = base.with(target: "\(start)\(path)")
        else { throw refused(answer) }
        return object.isInline ? "\(url)" : "\(url)&download=\(PercentEncoding.encode(object.name))"
    }

    /// Its signed addresses for uploads bound nobody to a size.
    func place(for key: String, size: Int, seconds: Int) -> UploadPlace? { nil }

    /// Looks for the bucket, and makes it where there is none. Two at once make one.
    func makeBucket() async throws {
        let known = try await calls.ask { try request(.get, "/bucket/\(bucket)", []) }
        if known.status == 200 { return }
        let body = JSONValue.object([("id", .string(bucket)), ("name", .string(bucket)), ("public", .bool(false))])
        let answer = try await calls.ask { try request(.post, "/bucket", [], body) }
        guard answer.status == 200 || SupabaseRefusal(answer)?.status == 409 else { throw refused(answer) }
    }

    // MARK: Requests

    /// Of every path.
    private var start: String { (base.target == "/" ? "" : base.target) + "/storage/v1" }

    private static func path(_ key: String) -> String {
        key.split(separator: "/").map { PercentEncoding.encode(String($0)) }.joined(separator: "/")
    }

    private func request(
        _ method: Method, _ path: String, _ more: [(name: String, value: String)], _ body: JSONValue? = nil
    ) throws -> ClientRequest {
        guard let url = base.with(target: start + path) else { throw FileProblem.storageUnavailable }
        let type: [(name: String, value: String)] = body == nil ? [] : [("Content-Type", "application/json")]
        return ClientRequest(method, url, fields: fields + more + type, body: body?.jsonBytes ?? [])
    }

    private func refused(_ answer: StoreAnswer) -> any Error { calls.refused(answer, code: SupabaseRefusal(answer)?.code) }
}

/// How Supabase says no: often with 400, and the status it means in the body.
struct SupabaseRefusal {
    let status: Int
    let code: String?
    let isAboutBucket: Bool

    /// Nil for what is none.
    init?(_ answer: StoreAnswer) {
        guard answer.status >= 400 else { return nil }
        let body = JSONValue.text(answer.text)
        let told = body?["statusCode"].flatMap { $0.string.flatMap { Int($0) } ?? $0.int }
        status = told ?? answer.status
        code = body?["error"]?.string
        let words = [code, body?["message"]?.string].compactMap { $0 }
        isAboutBucket = status == 404 && words.contains { $0.lowercased().contains("bucket not found") }
    }
}

extension JSONValue {
    fileprivate static func text(_ text: String) -> JSONValue? { try? JSONValue.decode(json: Array(text.utf8)) }
}
