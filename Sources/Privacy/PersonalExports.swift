import Files
import Identity
import JSON
import Jobs
import Notifications
import Postgres
import Service
import Values

/// Copies of what all modules know of somebody: a file that he alone can fetch for seven days, and a notice when it is there.
package final class PersonalExports: Sendable {
    static let purpose = "personal_export"
    static let object = "user_export"
    /// Days that it is kept.
    static let days = 7
    /// Bytes of a copy.
    private static let limit = 50_000_000

    static let job = JobKind<ExportTask>("export-personal-data", queue: "maintenance", priority: .low, timeLimit: .seconds(600))

    /// What this module registers at Files: nobody uploads it.
    package static var filePurpose: FilePurpose {
        var purpose = FilePurpose(purpose, [.json], limit: limit)
        purpose.hasThumbnail = false
        purpose.retentionDays = days
        return purpose
    }

    let register: PersonalDataRegister
    private let database: Database
    private let files: Files
    private let jobs: Jobs
    private let notifications: Notifications
    private let contacts: any Contacts
    private let clock: Clock

    package init(
        _ register: PersonalDataRegister, database: Database, files: Files, jobs: Jobs, notifications: Notifications,
        contacts: any Contacts, clock: Clock = .system
    ) {
        self.register = register
        self.database = database
        self.files = files
        self.jobs = jobs
        self.notifications = notifications
        self.contacts = contacts
        self.clock = clock
    }

    /// Has one made. While one is being made, another wish changes nothing.
    func request(by user: UUID) async throws {
        try await jobs.enqueue(Self.job, ExportTask(id: .v7(), userID: user), dedupe: "export:\(user)")
    }

    /// Repeatable: a copy that is there already is told of, and told of once.
    func carryOut(_ task: ExportTask) async throws {
        guard let contact = try await contacts.contacts(of: [task.userID]).first else { return }
        let object = FileObject(type: Self.object, id: task.id)
        let file: StoredFile
        if let made = try await files.made(of: object) {
            file = made
        } else {
            file = try await files.keep(
                try await copy(of: task.userID), as: "my-data-\(clock.now().day).json", type: .json,
                purpose: Self.filePurpose, of: task.userID, to: object, isCounted: false)
        }
        let until = file.createdAt.day.adding(days: Self.days)
        let notice = Notice(
            template: .exportReady, in: contact.locale,
            ["title": Self.title(in: contact.locale), "date": "\(until)", "link": Notice.secretMark],
            secret: files.signedAddress(of: file, until: Instant(until)), dedupeKey: "export:\(task.id)")
        try await notifications.send(notice, to: .user(task.userID, email: contact.email))
    }

    private static func title(in locale: String) -> String {
        ["ru", "be", "kk", "uk"].contains(locale) ? "Копия ваших данных" : "The copy of your data"
    }

    /// A member for each module.
    private func copy(of user: UUID) async throws -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("userId", user)
        writer.member("exportedAt", clock.now())
        for part in register.all { writer.member(name: part.name, try await part.export(user)) }
        writer.endObject()
        return writer.withUnsafeBytes { Array($0) }
    }
}

/// Whose copy a job is to make.
struct ExportTask: Shaped {
    let id: UUID
    let userID: UUID

    static let shape = Shape<ExportTask>("ExportTask", Self.init, Field("id", { $0.id }), Field("userId", { $0.userID }))
}
