import Crypto
import HTTP
import Service
import Values

/// S3, and what speaks like it (R2, MinIO): path style, every request signed with the digest of its body.
struct S3Objects: RemoteObjects {
    let storage = FileStorage.s3
    let calls: StoreCalls
    private let bucket: ClientURL
    private let signer: SigV4
    private let clock: Clock
    /// What is larger goes in parts of this size: all but the last have to be equal (R2), and of 5 MiB at least.
    private let partSize: Int

    static let partSize = 16 << 20

    /// - Parameter bucket: the endpoint's address with the bucket as its path.
    init(bucket: ClientURL, signer: SigV4, calls: StoreCalls, clock: Clock, partSize: Int = partSize) {
        self.bucket = bucket
        self.signer = signer
        self.calls = calls
        self.clock = clock
        self.partSize = partSize
    }

    func upload(_ file: FileOnDisk, sha256: [UInt8], as key: String, mime: String) async throws {
        guard file.size > partSize else {
            let answer = try await calls.ask {
                try request(
                    .put, key, fields: [("Content-Type", mime)], source: file.body(0..<file.size), digest: Hex.encode(sha256))
            }
            return try expect(answer, 200)
        }
        let id = try await beginParts(key, mime)
        do {
            try await finishParts(key, id, try await sendParts(file, key, id))
        } catch {
            // What this leaves, the purge of the row finds.
            try? await giveUpParts(key, id)
            throw error
        }
    }

    func download(
        _ key: String, _ range: Range<Int>?, _ pass: nonisolated(nonsending) (IncomingResponse) async throws -> Void
    ) async throws {
        try await calls.fetch {
            try request(.get, key, fields: rangeFields(range))
        } _: { incoming in
            switch incoming.status {
            case range == nil ? 200 : 206: try await pass(incoming)
            case 404: throw FileGone(key: key)
            default:
                let text = String(decoding: try await incoming.collect(atMost: 1 << 16), as: UTF8.self)
                throw refused(StoreAnswer(status: incoming.status, etag: nil, text: text))
            }
        }
    }

    func remove(_ key: String, size: Int) async throws {
        if size > partSize { for id in try await unfinished(key) { try await giveUpParts(key, id) } }
        try expect(try await calls.ask { try request(.delete, key) }, 204, 200, 404)
    }

    /// The answer's fields are signed with it: nobody makes it show a file that is to be kept.
    func address(of object: ObjectOnShow, for seconds: Int) throws -> String {
        let query = PercentEncoding.form([
            ("response-cache-control", "private, max-age=\(seconds)"),
            ("response-content-disposition", FileName.disposition(object.name, isInline: object.isInline)),
            ("response-content-type", object.mime),
        ])
        return signer.address(.get, try url(object.key, query: query), for: seconds, at: clock.now())
    }

    /// The length is signed with it: S3 takes nothing else.
    func place(for key: String, size: Int, seconds: Int) throws -> UploadPlace? {
        let length = [(name: "content-length", value: "\(size)")]
        return UploadPlace(url: signer.address(.put, try url(key), length, for: seconds, at: clock.now()))
    }

    // MARK: In parts

    private func beginParts(_ key: String, _ mime: String) async throws -> String {
        let answer = try await calls.ask { try request(.post, key, query: "uploads=", fields: [("Content-Type", mime)]) }
        try expect(answer, 200)
        guard let id = XMLText.first("UploadId", in: answer.text) else { throw refused(answer) }
        return id
    }

    /// One after the other, each read from the disk while it is sent; answers their tags.
    private func sendParts(_ file: FileOnDisk, _ key: String, _ id: String) async throws -> [String] {
        var tags: [String] = []
        for start in stride(from: 0, to: file.size, by: partSize) {
            let range = start..<min(start + partSize, file.size)
            let digest = Hex.encode(try await file.sha256(range))
            let answer = try await calls.ask {
                try request(
                    .put, key, query: PercentEncoding.form([("partNumber", "\(tags.count + 1)"), ("uploadId", id)]),
                    source: file.body(range), digest: digest)
            }
            try expect(answer, 200)
            guard let tag = answer.etag else { throw refused(answer) }
            tags.append(tag)
        }
        return tags
    }

    private func finishParts(_ key: String, _ id: String, _ tags: [String]) async throws {
        let parts = tags.enumerated().map { number, tag in
            "<Part><PartNumber>\(number + 1)</PartNumber><ETag>\(XMLText.escape(tag))</ETag></Part>"
        }
        let body = Array("<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>".utf8)
        let answer = try await calls.ask {
            try request(
                .post, key, query: PercentEncoding.form([("uploadId", id)]), fields: [("Content-Type", "application/xml")],
                body: body)
        }
        try expect(answer, 200)
        // "a request could return a 200 OK response... the response body contains an error".
        if XMLText.first("Error", in: answer.text) != nil { throw refused(answer) }
    }

    private func giveUpParts(_ key: String, _ id: String) async throws {
        let answer = try await calls.ask { try request(.delete, key, query: PercentEncoding.form([("uploadId", id)])) }
        try expect(answer, 204, 200, 404)
    }

    /// Uploads of an object that were begun and neither finished nor given up.
    private func unfinished(_ key: String) async throws -> [String] {
        let answer = try await calls.ask { try request(.get, nil, query: PercentEncoding.form([("prefix", key), ("uploads", "")])) }
        if answer.status == 404 { return [] }
        try expect(answer, 200)
        return XMLText.all("Upload", in: answer.text).compactMap { upload in
            XMLText.first("Key", in: upload) == key ? XMLText.first("UploadId", in: upload) : nil
        }
    }

    // MARK: Requests

    private func request(
        _ method: Method, _ key: String?, query: String = "", fields: [(name: String, value: String)] = [],
        body: [UInt8] = [], source: ClientBody? = nil, digest: String? = nil
    ) throws -> ClientRequest {
        let url = try url(key, query: query)
        let digest = digest ?? (body.isEmpty ? SigV4.emptyDigest : Hex.encode(SHA256.digest(of: body)))
        var request = ClientRequest(
            method, url, fields: signer.fields(method, url, fields, digest: digest, at: clock.now()), body: body)
        request.source = source
        return request
    }

    /// Of an object; of the bucket without a key.
    private func url(_ key: String?, query: String = "") throws -> ClientURL {
        let path = key.map { "/" + $0.split(separator: "/").map { PercentEncoding.encode(String($0)) }.joined(separator: "/") }
        let target = "\(bucket.target)\(path ?? "")\(query.isEmpty ? "" : "?\(query)")"
        guard let url = bucket.with(target: target) else { throw FileProblem.storageUnavailable }
        return url
    }

    private func expect(_ answer: StoreAnswer, _ statuses: Int...) throws {
        if !statuses.contains(answer.status) { throw refused(answer) }
    }

    private func refused(_ answer: StoreAnswer) -> any Error {
        calls.refused(answer, code: XMLText.first("Code", in: answer.text))
    }
}
