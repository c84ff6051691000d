import HTTP
import Service
import Values

/// Reads the form of an upload while it comes: the file goes to the disk piece by piece, the few other values into memory.
struct UploadReceiver {
    /// Bytes of one value that is no file.
    private static let valueLimit = 1024

    let files: Files
    let call: Call

    private var incoming: IncomingFile
    private var values: [(name: String, value: String)] = []
    /// What the part at hand is: the file, or a value and what has come of it.
    private var part: (head: MultipartHead, value: [UInt8])?
    private var name: String?

    /// What has arrived. Leaves nothing behind when it throws, or when the client goes.
    static func receive(_ call: Call, for files: Files) async throws -> StoredFile {
        let owner = try call.caller.user()
        guard let type = call.exchange.field("content-type"), let boundary = MultipartParser.boundary(of: type) else {
            throw FileProblem.formExpected
        }
        // Asked again when the file is there; now it saves sending it.
        let used = FileQueries.used(by: owner, now: call.now)
        if try await files.database.one(used) >= files.quota(of: call.caller) { throw FileProblem.quotaExceeded }
        let incoming = try await IncomingFile.begin(at: try await files.stores.arrivals.path(), pool: files.pool)
        do {
            var receiver = UploadReceiver(files: files, call: call, incoming: incoming)
            try await receiver.read(MultipartParser(boundary: boundary))
            let stored = try await receiver.keep(owner: owner)
            await incoming.close()
            return stored
        } catch {
            await incoming.close()
            throw error
        }
    }

    private init(files: Files, call: Call, incoming: IncomingFile) {
        self.files = files
        self.call = call
        self.incoming = incoming
    }

    // MARK: Reading

    private mutating func read(_ parser: MultipartParser) async throws {
        var parser = parser
        while true {
            switch parser.next() {
            case .part(let head): try begin(head)
            case .content(let bytes): try await take(bytes)
            case .endOfPart: try endPart()
            case .finished: return try await skipRest()
            case .refused(let fault): throw malformed(fault.detail)
            case .needMore:
                guard let chunk = try await call.exchange.nextBodyChunk() else {
                    throw malformed("The body ends before its last boundary.")
                }
                parser.append(chunk)
            }
        }
    }

    /// What stands behind the last boundary belongs to the request and to nobody else.
    private func skipRest() async throws {
        while try await call.exchange.nextBodyChunk() != nil {}
    }

    private func malformed(_ detail: String) -> Problem {
        var problem = HouseProblem.malformed.problem
        problem.detail = detail
        return problem
    }

    private mutating func begin(_ head: MultipartHead) throws {
        part = (head, [])
        guard head.name == "file" else { return }
        if name != nil { throw InvalidInput(field: "file", code: "duplicate_field", message: "One file at a time.") }
        name = FileName.clean(head.filename ?? "")
    }

    private mutating func take(_ bytes: [UInt8]) async throws {
        guard let head = part?.head else { return }
        if head.name == "file" {
            try await incoming.append(bytes)
            if incoming.size > limit { throw FileProblem.fileTooLarge }
            // What nobody takes need not come whole.
            if incoming.leading.count >= LeadingBytes.enough, LeadingBytes(incoming.leading[...]) == .unknown {
                throw FileProblem.typeNotAllowed
            }
        } else {
            part?.value += bytes
            if let count = part?.value.count, count > Self.valueLimit {
                throw InvalidInput(field: head.name, code: "length", message: "At most \(Self.valueLimit) bytes.")
            }
        }
    }

    /// Of the purpose, once that is known; before, of the largest.
    private var limit: Int {
        let purpose = values.first { $0.name == "purpose" }.flatMap { files.purposes[$0.value] }
        return purpose?.limit(for: call.caller) ?? files.purposes.largest
    }

    private mutating func endPart() throws {
        guard let (head, value) = part else { return }
        part = nil
        if head.name == "file" { return }
        guard let text = String(validating: value, as: UTF8.self) else {
            throw InvalidInput(field: head.name, code: "encoding", message: "UTF-8 is expected.")
        }
        values.append((head.name, text))
    }

    // MARK: Keeping

    private func keep(owner: UUID) async throws -> StoredFile {
        let form = try UploadForm.decode(query: values + (name.map { [(name: "file", value: $0)] } ?? []))
        guard let purpose = files.purposes[form.purpose] else { throw FileProblem.purposeUnknown.on("purpose") }
        if incoming.size == 0 { throw FileProblem.fileEmpty.on("file") }
        if incoming.size > purpose.limit(for: call.caller) { throw FileProblem.fileTooLarge }
        let object = form.object
        if let object { try await purpose.requireHolder(of: object, call.caller) }
        let arrived = try await incoming.finish(name: form.file)
        guard let arrived, purpose.types.contains(arrived.inspection.type) else { throw FileProblem.typeNotAllowed }
        try purpose.check(arrived.inspection)
        let id = ID<StoredFile>.new()
        let now = call.now
        let new = NewFile(
            id: id, purpose: purpose, storage: files.stores.current.storage,
            key: NewFile.key(id, purpose, arrived.inspection.type, at: now), name: form.file,
            inspection: arrived.inspection, size: arrived.size, sha256: arrived.sha256, ownerID: owner, object: object,
            thumbState: files.thumbState(of: arrived.inspection.type, for: purpose), now: now)
        let stored = try await files.accept(arrived, new, quota: files.quota(of: call.caller))
        incoming.keep()
        return stored
    }
}

extension Files {
    /// Counts how an upload ends.
    func metered(_ receive: () async throws -> StoredFile) async throws -> StoredFile {
        do {
            let file = try await receive()
            meters?.ended(.stored)
            meters?.stored(file.size, for: file.purpose)
            return file
        } catch {
            meters?.ended(ProblemReport.problem(for: error).status < 500 ? .refused : .failed)
            throw error
        }
    }
}

/// Names of files: for people to read, never for anybody to open.
enum FileName {
    /// Without folders and control characters, at most 255 characters; "file" for what has no name.
    static func clean(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        let visible = last.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint && $0.properties.generalCategory != .control }
        let trimmed = String(String.UnicodeScalarView(visible.prefix(255))).drop { $0 == " " || $0 == "." }
        return trimmed.isEmpty ? "file" : String(trimmed)
    }

    /// `filename` for all, `filename*` for those who read it (RFC 6266 section 4.3, RFC 8187).
    static func disposition(_ name: String, isInline: Bool) -> String {
        let plain = String(decoding: name.utf8.map { isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        var encoded = ""
        for byte in name.utf8 {
            encoded += isToken(byte) ? String(UnicodeScalar(byte)) : "%" + Self.hexadecimal(byte)
        }
        return "\(isInline ? "inline" : "attachment"); filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
    }

    private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7f && byte != 0x22 && byte != 0x5c }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
        default: false
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF")
        return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
}
