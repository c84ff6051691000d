import Crypto
import Glibc
import Identity
import JSON
import Postgres
import Runtime
import Service
import Support
import Synchronization
import Values

@testable import Files
@testable import Jobs

/// A server with files, in a folder of its own.
final class FileStage: Sendable {
    typealias Part = (name: String, filename: String?, bytes: [UInt8])

    let server: TestServer
    let files: Files
    let module: FilesModule
    let folder: String

    init(_ server: TestServer, _ module: FilesModule, folder: String) {
        self.server = server
        self.module = module
        files = module.files
        self.folder = folder
    }

    /// A form as clients write it.
    static func form(_ parts: [Part]) -> [UInt8] {
        var body: [UInt8] = []
        for part in parts {
            body += Array("--xYz\r\nContent-Disposition: form-data; name=\"\(part.name)\"".utf8)
            if let filename = part.filename {
                body += Array("; filename=\"\(filename)\"\r\nContent-Type: application/octet-stream".utf8)
            }
            body += Array("\r\n\r\n".utf8) + part.bytes + Array("\r\n".utf8)
        }
        return body + Array("--xYz--\r\n".utf8)
    }

    func upload(
        _ bytes: [UInt8], _ purpose: String = "image", name: String = "a.png", as token: String? = "anna",
        more: [Part] = []
    ) async throws -> TestAnswer {
        let own: [Part] = [("purpose", nil, Array(purpose.utf8)), ("file", name, bytes)]
        return try await post(Self.form(own + more), as: token)
    }

    func post(_ body: [UInt8], as token: String? = "anna", type: String = "multipart/form-data; boundary=xYz") async throws -> TestAnswer {
        try await server.send("POST", "/api/v1/uploads", token: token, fields: ["Content-Type": type], raw: body)
    }

    /// Uploads what must be taken.
    func file(_ bytes: [UInt8], _ purpose: String = "image", name: String = "a.png", as token: String = "anna") async throws -> String {
        let answer = try await upload(bytes, purpose, name: name, as: token)
        guard answer.status == 201, let id = answer.data["id"]?.string else { throw NotTaken(answer: answer.text) }
        return id
    }

    struct NotTaken: Error { let answer: String }

    func get(_ path: String, as token: String? = "anna", _ fields: [String: String] = [:]) async throws -> TestAnswer {
        try await server.send("GET", "/api/v1/files/\(path)", token: token, fields: fields)
    }

    /// Everything that lies in the storage, arriving files too; names without the folder.
    func objects() -> [String] {
        var found: [String] = []
        func walk(_ path: String) {
            guard let list = opendir(path) else { return }
            defer { closedir(list) }
            while let entry = readdir(list) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name == "." || name == ".." { continue }
                var status = stat()
                stat(path + "/" + name, &status)
                if status.st_mode & S_IFMT == S_IFDIR { walk(path + "/" + name) } else { found.append(path + "/" + name) }
            }
        }
        walk(folder)
        return found.map { String($0.dropFirst(folder.count + 1)) }.sorted()
    }

    func rows() async throws -> Int { try await server.database.one(Statement<Int>("select count(*) from files.files")) }

    /// Carries out what there is to purge.
    func work() async throws {
        let workers = JobWorkers(module.jobs, database: server.database, loops: [TestLoops.group.loops[0]], log: .silent)
        let unfinished = Statement<Int>("select count(*) from jobs.jobs where finished_at is null")
        while try await server.database.one(unfinished) > 0 {
            try await server.database.execute(Command("update jobs.jobs set run_at = now() where state = 'delayed'"))
            try await workers.round(isHousekeeping: true)
            await workers.idle()
        }
    }
}

/// - Parameter remote: where files go instead of the folder.
func withFiles(
    folder own: String? = nil, quota: Int = 1 << 30, roleQuotas: [String: Int] = [:], purposes: [FilePurpose] = [], thumbnails: Thumbnails? = nil,
    wait: Duration = .zero, publicBase: String? = nil, remote: RemoteSetup? = nil,
    recognition: RecognitionSetup = RecognitionSetup(),
    _ body: @escaping @Sendable (FileStage) async throws -> Void
) async throws {
    let folder = own ?? "\(Scratch.folder)/files-\(Hex.encode(SecureRandom.bytes(8)))"
    let box = Mutex<FilesModule?>(nil)
    try await withServer(compose: { platform in
        let identity = IdentityModule(
            database: platform.database,
            options: IdentityOptions(
                dataKey: Array(repeating: 7, count: 32), issuer: "https://atrium.example", appURL: "https://app.example")!,
            roles: [], kinds: [], locks: platform.locks, postman: NoPostman(), loops: platform.loops.loops.count,
            log: platform.log, clock: platform.clock)
        let files = Files(
            database: platform.database, purposes: FilePurposes(purposes),
            addresses: FileAddresses(server: "http://files.test", key: [1, 2, 3], publicBase: publicBase),
            stores: try FileStores(folder: folder, remote, platform), quota: quota, roleQuotas: roleQuotas,
            jobs: Jobs(database: platform.database), outbox: platform.outbox, pool: platform.blocking, metrics: platform.metrics, thumbnails: thumbnails,
            thumbnailWait: wait, clock: platform.clock)
        for (name, id) in FilePeople.ids {
            try await platform.database.execute(
                Command("insert into identity.users (id, first_name, last_name, status) values (\(id), \(name), '', 'active')"))
        }
        let module = FilesModule(
            files, recognitions: try Recognitions(recognition, files, platform), identity: identity)
        box.withLock { $0 = module }
        return TestComposition(authenticator: FilePeople(), modules: [module])
    }) { server in
        guard let module = box.withLock({ $0 }) else { preconditionFailure("composed") }
        let stage = FileStage(server, module, folder: folder)
        let result: Result<Void, any Error>
        do { result = .success(try await body(stage)) } catch { result = .failure(error) }
        for object in stage.objects() { unlink(folder + "/" + object) }
        try result.get()
    }
}

/// Who reads pictures under test.
struct RecognitionSetup: Sendable {
    var local: (any TextReader)?
    var budget = RecognitionBudget()
    var model: @Sendable (OutsideParts) -> (any TextReader)? = { _ in nil }
    var alarm: @Sendable (Period) -> Void = { _ in }
}

extension Recognitions {
    fileprivate convenience init(_ setup: RecognitionSetup, _ files: Files, _ platform: TestPlatform) throws {
        let parts = OutsideParts(
            client: try TestLoops.client(), database: platform.database, clock: platform.clock, metrics: platform.metrics,
            log: platform.log)
        self.init(
            files, jobs: Jobs(database: platform.database), local: setup.local, model: setup.model(parts), budget: setup.budget,
            alarm: { setup.alarm($0) }, log: platform.log)
    }
}

/// How the objects of a store elsewhere are made under test.
struct RemoteSetup: Sendable {
    var sendsThere = false
    let objects: @Sendable (OutsideParts) -> any RemoteObjects
}

extension FileStores {
    fileprivate init(folder: String, _ remote: RemoteSetup?, _ platform: TestPlatform) throws {
        guard let remote else {
            self = .folder(folder, pool: platform.blocking)
            return
        }
        let local = LocalStore(folder: folder, pool: platform.blocking)
        let parts = OutsideParts(
            client: try TestLoops.client(), database: platform.database, clock: platform.clock, metrics: platform.metrics,
            log: platform.log)
        let store = RemoteStore(remote.objects(parts), arrivals: local.arrivals, sendsThere: remote.sendsThere)
        self.init(store, others: [local], arrivals: local.arrivals)
    }
}

/// People known by a word as their token.
struct FilePeople: Authenticator {
    static let ids: [(String, UUID)] = [("anna", .v7()), ("boris", .v7()), ("keeper", .v7())]

    func known(_ token: UnsafeRawBufferPointer, on loop: EventLoop, at now: Instant) -> Principal? {
        let name = String(decoding: token, as: UTF8.self)
        guard let id = Self.ids.first(where: { $0.0 == name })?.1 else { return nil }
        let grants = [Grant(role: "r", level: 1, scope: .platform, permissions: PermissionSet(role: ["files:manage"]))]
        return Principal(
            kind: .user, userID: id, name: name, grants: name == "keeper" ? grants : [], sessionID: nil,
            expiresAt: .distantFuture)
    }

    func authenticate(_ token: String, on loop: EventLoop, at now: Instant) async throws -> Principal? { nil }
}
