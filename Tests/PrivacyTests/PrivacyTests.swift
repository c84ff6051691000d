import Crypto
import class Foundation.FileManager
import Glibc
import JSON
import Jobs
import Postgres
import Runtime
import Service
import Support
import Synchronization
import Testing
import Values

@testable import Files
@testable import Identity
@testable import Jobs
@testable import Notifications
@testable import Privacy

/// Identity, files, notices and what people may ask of all three.
struct PrivacyStage: Sendable {
    let server: TestServer
    let identity: IdentityModule
    let files: FilesModule
    let privacy: PrivacyModule
    let letters: NotificationsModule

    func person(_ email: String) async throws -> (id: UUID, token: String) {
        let now = identity.clock.now()
        var user = NewUser(email: EmailAddress(email), firstName: "Ann", lastName: "Lee", source: "test")
            .user(status: .active, passwordHash: try await identity.passwords.hash("Correct7Horse"), at: now)
        user.confirmEmail(at: now)
        try await identity.users.insert(user)
        let answer = try await server.send(
            "POST", "/api/v1/auth/login", body: ["email": .string(email), "password": "Correct7Horse"])
        return (user.id.uuid, try #require(answer.data["accessToken"]?.string))
    }

    /// Carries out all jobs that there are.
    func work() async throws {
        let workers = JobWorkers(
            files.jobs + privacy.jobs + letters.jobs, database: server.database, loops: [TestLoops.group.loops[0]], log: .silent)
        let unfinished = Statement<Int>("select count(*) from jobs.jobs where finished_at is null")
        while try await server.database.one(unfinished) > 0 {
            try await server.database.execute(Command("update jobs.jobs set run_at = now() where state = 'delayed'"))
            try await workers.round(isHousekeeping: true)
            await workers.idle()
        }
    }

    func upload(_ bytes: [UInt8], as token: String) async throws -> String {
        var body = Array("--xYz\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\ndocument\r\n".utf8)
        body += Array("--xYz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n".utf8) + bytes
        body += Array("\r\n--xYz--\r\n".utf8)
        let answer = try await server.send(
            "POST", "/api/v1/uploads", token: token, fields: ["Content-Type": "multipart/form-data; boundary=xYz"], raw: body)
        return try #require(answer.data["id"]?.string, "\(answer.text)")
    }

    func rows(_ sql: SQL) async throws -> [String] { try await server.database.all(Statement<String>(sql)) }
}

func withPrivacy(_ body: @escaping @Sendable (PrivacyStage) async throws -> Void) async throws {
    let place = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let folder = "\(place)/privacy-\(Hex.encode(SecureRandom.bytes(8)))"
    let box = Mutex<(IdentityModule, FilesModule, PrivacyModule, NotificationsModule)?>(nil)
    try await withServer { platform in
        var options = IdentityOptions(
            dataKey: Array(repeating: 7, count: 32), issuer: "https://atrium.example", appURL: "https://app.example")!
        options.bcryptRounds = 4
        let jobs = Jobs(database: platform.database)
        let identity = IdentityModule(
            database: platform.database, options: options, roles: [], kinds: [], locks: platform.locks, postman: NoPostman(),
            outbox: platform.outbox, loops: platform.loops.loops.count, log: platform.log, clock: platform.clock)
        let notifications = Notifications(
            database: platform.database, jobs: jobs, events: platform.outbox, dataKey: [UInt8](repeating: 7, count: 32),
            channels: .sandbox, contacts: UserContacts(platform.database), clock: platform.clock, log: platform.log)
        let files = Files(
            database: platform.database, purposes: FilePurposes([PersonalExports.filePurpose]),
            addresses: FileAddresses(server: "http://files.test", key: [1, 2, 3]),
            stores: .folder(folder, pool: platform.blocking), quota: 100, jobs: jobs, outbox: platform.outbox,
            pool: platform.blocking, clock: platform.clock)
        let filesModule = FilesModule(
            files, recognitions: Recognitions(files, jobs: jobs, local: nil, model: nil, log: platform.log), identity: identity)
        let letters = NotificationsModule(notifications, ranks: identity.ranks, perMinute: 1000)
        identity.personal.bind(identity.personalData + filesModule.personalData + letters.personalData)
        let privacy = PrivacyModule(
            PersonalExports(
                identity.personal, database: platform.database, files: files, jobs: jobs, notifications: notifications,
                contacts: UserContacts(platform.database), clock: platform.clock))
        box.withLock { $0 = (identity, filesModule, privacy, letters) }
        return TestComposition(authenticator: identity.authenticator, modules: [identity, filesModule, letters, privacy])
    } _: { server in
        guard let (identity, files, privacy, letters) = box.withLock({ $0 }) else { preconditionFailure("composed") }
        let stage = PrivacyStage(server: server, identity: identity, files: files, privacy: privacy, letters: letters)
        let result: Result<Void, any Error>
        do { result = .success(try await body(stage)) } catch { result = .failure(error) }
        try? FileManager.default.removeItem(atPath: folder)
        try result.get()
    }
}

@Suite struct PrivacyTests {
    @Test func aCopyHasEverythingOfItsPersonAndNothingOfOthers() async throws {
        try await withPrivacy { stage in
            let (ann, token) = try await stage.person("ann@example.com")
            let (_, other) = try await stage.person("bob@example.com")
            let mine = try await stage.upload(Array("my own words".utf8), as: token)
            _ = try await stage.upload(Array("another's words".utf8), as: other)
            let ask = { (token: String?, body: [UInt8]?) in
                try await stage.server.send("POST", "/api/v1/users/me/export", token: token, raw: body)
            }
            #expect(try await ask(nil, nil).status == 401)
            #expect(try await ask(token, Array(#"{"a":1}"#.utf8)).status == 422)
            for _ in 0..<2 {
                let answer = try await ask(token, nil)
                #expect(answer.status == 202 && answer.data["keptDays"] == 7, "\(answer.text)")
            }
            #expect(try await stage.rows("select name from jobs.jobs where name = 'export-personal-data'").count == 1, "one at a time")
            try await stage.work()
            let list = try await stage.server.send("GET", "/api/v1/files?objectType=user_export", token: token)
            let id = try #require(list.json["data"]?.array?.first?["id"]?.string, "\(list.text)")
            #expect(list.json["data"]?.array?.count == 1)
            let copy = try await stage.server.send("GET", "/api/v1/files/\(id)/content", token: token)
            #expect(copy.status == 200 && copy.field("content-type") == "application/json")
            #expect(copy.field("content-disposition")?.hasPrefix("attachment; filename=\"my-data-") == true)
            #expect(copy.json["userId"]?.string == "\(ann)")
            #expect(copy.json["account"]?["email"]?.string == "ann@example.com")
            #expect(copy.json["signIns"]?.array?.count == 1 && copy.json["trail"]?.array?.isEmpty == false)
            #expect(copy.json["files"]?.array?.first?["id"]?.string == mine && copy.json["files"]?.array?.count == 1)
            #expect(copy.json["account"]?["identities"]?.array?.isEmpty == true && copy.json["recognitions"]?.array?.isEmpty == true)
            #expect(copy.json["notifications"]?["messages"]?.array != nil)
            for secret in ["bob@", "password", "$2b$", "token_hash"] { #expect(!copy.text.contains(secret), "\(secret)") }
            #expect(try await stage.server.send("GET", "/api/v1/files/\(id)/content", token: other).status == 404)
            #expect(try await stage.server.send("GET", "/api/v1/files/\(id)/content").status == 404)
        }
    }

    /// The mail has an address that opens it; the list of the person has none.
    @Test func aNoticeSaysWhereItIsForAsLongAsItIsThere() async throws {
        try await withPrivacy { stage in
            let (ann, token) = try await stage.person("ann@example.com")
            #expect(try await stage.server.send("POST", "/api/v1/users/me/export", token: token).status == 202)
            try await stage.work()
            let types = try await stage.rows("select type from notifications.notifications where user_id = \(ann) order by type")
            #expect(types == ["email", "in_app"])
            #expect(try await stage.rows("select body from notifications.notifications where body like '%signature=%'").isEmpty)
            // Carried out a second time, after a crash: the same copy, and no second notice.
            let tasks = try await stage.rows("select object_id::text from files.files where object_type = 'user_export'")
            let task = ExportTask(id: try #require(UUID(tasks[0])), userID: ann)
            try await TestLoops.run { try await stage.privacy.exports.carryOut(task) }
            #expect(try await stage.rows("select id::text from files.files").count == 1)
            #expect(try await stage.rows("select id::text from notifications.notifications").count == 2)
            let file = try await stage.server.database.one(FileQueries.file(ID(UUID(try await stage.rows("select id::text from files.files")[0])!)))
            let address = stage.files.files.signedAddress(of: file, until: stage.server.clock.clock.now() + .days(7))
            let path = String(address.dropFirst("http://files.test".count))
            #expect(try await stage.server.send("GET", path).status == 200)
            stage.server.clock.advance(by: .days(9))
            try await stage.files.files.cleanUp()
            try await stage.work()
            #expect(try await stage.rows("select id::text from files.files").isEmpty)
            #expect(try await stage.server.send("GET", path).status == 403)
        }
    }

    @Test func whoGoesIsForgottenByEveryModule() async throws {
        try await withPrivacy { stage in
            let (ann, token) = try await stage.person("ann@example.com")
            let (_, other) = try await stage.person("bob@example.com")
            _ = try await stage.upload(Array("my own words".utf8), as: token)
            let kept = try await stage.upload(Array("another's words".utf8), as: other)
            #expect(try await stage.server.send("POST", "/api/v1/users/me/export", token: token).status == 202)
            try await stage.work()
            #expect(
                try await stage.server.send("DELETE", "/api/v1/users/me", token: token, body: ["password": "Correct7Horse"]).status == 204)
            let outbox = Outbox(database: stage.server.database, log: .silent)
            for _ in 0..<2 {
                while try await outbox.dispatch(to: stage.privacy.eventHandlers) > 0 {}
                try await outbox.publish(Event("user.deleted", "user", ann))
            }
            while try await outbox.dispatch(to: stage.privacy.eventHandlers) > 0 {}
            try await stage.work()
            #expect(try await stage.rows("select id::text from files.files") == [kept])
            #expect(try await stage.rows("select id::text from notifications.notifications where user_id = \(ann)").isEmpty)
            #expect(try await stage.rows("select name from jobs.jobs where state = 'failed'").isEmpty)
            // A wish that comes too late makes nothing.
            try await TestLoops.run { try await stage.privacy.exports.carryOut(ExportTask(id: .v7(), userID: ann)) }
            #expect(try await stage.rows("select id::text from files.files") == [kept])
        }
    }

    /// One module's failure holds back nobody else's erasure, and is tried again.
    @Test func aModuleThatFailsIsTriedAgain() async throws {
        try await withPrivacy { stage in
            struct Down: Error {}
            let isDown = Mutex(true)
            let done = Mutex<[String]>([])
            let register = PersonalDataRegister()
            register.bind(["first", "second"].map { name in
                PersonalData(name, export: { _ in JSONText(trusted: Array("{}".utf8)) }, erase: { _ in
                    if name == "first", isDown.withLock({ $0 }) { throw Down() }
                    done.withLock { $0.append(name) }
                })
            })
            let database = stage.server.database
            let module = PrivacyModule(
                PersonalExports(
                    register, database: database, files: stage.files.files, jobs: Jobs(database: database),
                    notifications: stage.letters.door, contacts: UserContacts(database)))
            let clock = TestClock()
            let outbox = Outbox(database: database, log: .silent, clock: clock.clock)
            try await outbox.publish(Event("user.deleted", "user", .v7()))
            _ = try await outbox.dispatch(to: module.eventHandlers)
            #expect(done.withLock { $0 } == ["second"])
            isDown.withLock { $0 = false }
            clock.advance(by: .seconds(60))
            _ = try await outbox.dispatch(to: module.eventHandlers)
            #expect(done.withLock { $0 } == ["second", "first"])
        }
    }
}
