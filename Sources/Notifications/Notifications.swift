import Crypto
import Jobs
import Postgres
import Telemetry
import Values

/// The door: tells people things.
///
///     try await notifications.send(Notice(.invoices, subject: …, body: …, dedupeKey: "invoice:\(id)"), to: .user(id, email: address))
///
/// Called inside the transaction of what happened, so that nobody is told of what was rolled back; what leaves the process
/// leaves it by a job after the commit.
package final class Notifications: Sendable {
    let database: Database
    private let jobs: Jobs
    private let ring: SealingRing
    let provider: (any EmailProvider)?
    private let clock: Clock
    private let log: Log

    /// - Parameters:
    ///   - dataKey: the installation's 32 secret bytes.
    ///   - provider: nil where mail cannot be sent; it fails then.
    package init(
        database: Database, jobs: Jobs, dataKey: [UInt8], provider: (any EmailProvider)?, clock: Clock = .system, log: Log
    ) {
        self.database = database
        self.jobs = jobs
        let bytes = HMACSHA256.authenticate("notifications.sealing", key: dataKey)
        guard let key = SealingKey(id: 1, bytes: bytes) else { preconditionFailure("a digest has 32 bytes") }
        ring = SealingRing(current: key)
        self.provider = provider
        self.clock = clock
        self.log = log
    }

    // MARK: Telling

    /// Writes a row for each channel, and a job for each that leaves the process. What was sent before under the same
    /// `dedupeKey` is not sent again.
    package func send(_ notice: Notice, to addressee: Addressee) async throws {
        let group = UUID.v7()
        try await database.transaction { _ in
            if let user = addressee.userID, addressee.isListed {
                let row = row(notice, .inApp, user, user.description, group, keepsSecret: false)
                try await database.execute(NotificationQueries.insert(row))
            }
            if let address = addressee.email {
                let row = row(notice, .email, addressee.userID, address, group, keepsSecret: true)
                guard try await database.execute(NotificationQueries.insert(row)) == 1 else { return }
                let kind = notice.priority == .critical ? NotificationJobs.sendCode : NotificationJobs.sendEmail
                let job = try await jobs.enqueue(kind, SendNotification(notificationID: row.id), priority: notice.priority)
                try await database.execute(NotificationQueries.note(job, for: row.id))
            }
        }
    }

    private func row(
        _ notice: Notice, _ type: NotificationType, _ user: UUID?, _ recipient: String, _ group: UUID, keepsSecret: Bool
    ) -> NewNotification {
        let id = ID<Notification>.new()
        let secret = keepsSecret ? notice.secret : nil
        return NewNotification(
            id: id, groupID: group, type: type, userID: user, recipient: recipient, notice: notice,
            secret: secret.map { ring.seal($0, context: NewNotification.context(id)) }, now: clock.now())
    }

    // MARK: Delivering

    /// Hands a pending message to the provider. Repeatable: what has been sent is left alone.
    func deliver(_ id: ID<Notification>) async throws {
        guard let record = try await database.first(NotificationQueries.pending(id)) else { return }
        do {
            guard let provider else { throw JobVerdict.giveUp("no e-mail provider is configured") }
            let message = OutgoingMail(
                id: id, to: record.recipient, subject: record.subject ?? "", text: try text(of: record))
            let external = try await provider.send(message)
            try await database.execute(
                NotificationQueries.sent(
                    id, by: provider.name, external, at: clock.now(), erasingSecret: !provider.isSandbox))
        } catch {
            try await database.execute(NotificationQueries.tried(id, Self.reason(error)))
            throw error
        }
    }

    /// No further try will be made.
    func giveUp(_ id: ID<Notification>, because reason: String) async throws {
        try await database.execute(NotificationQueries.failed(id, reason, at: clock.now()))
    }

    private static func reason(_ error: any Error) -> String {
        if case JobVerdict.giveUp(let reason) = error { return String(reason.prefix(500)) }
        return String(String(describing: error).prefix(500))
    }

    /// The text with its secret in place.
    func text(of record: NotificationRecord) throws -> String {
        guard let sealed = record.secret else { return record.body.replacing(Notice.secretMark, with: Notice.hidden) }
        let secret = try ring.openText(Sealed(bytes: sealed), context: NewNotification.context(record.id))
        return record.body.replacing(Notice.secretMark, with: secret)
    }

    /// The secret itself, for whoever may see the outbox.
    func secret(of record: NotificationRecord) throws -> String? {
        guard let sealed = record.secret else { return nil }
        return try ring.openText(Sealed(bytes: sealed), context: NewNotification.context(record.id))
    }

    // MARK: One's own list

    func unreadCount(of user: UUID) async throws -> Int {
        try await database.one(NotificationQueries.unreadCount(of: user))
    }

    /// Marks one as read; false when the user has no such notice.
    func read(_ id: ID<Notification>, by user: UUID) async throws -> NotificationRecord? {
        try await database.first(NotificationQueries.read(id, by: user, at: clock.now()))
    }

    /// Marks all as read; answers how many were not.
    func readAll(by user: UUID) async throws -> Int {
        try await database.execute(NotificationQueries.readAll(by: user, at: clock.now()))
    }

    // MARK: Cleaning

    /// Deletes notices that are old enough: read ones after 90 days, others after 180.
    func purge() async throws {
        let now = clock.now()
        var count = 0
        while true {
            let deleted = try await database.execute(NotificationQueries.purge(read: now - .days(90), any: now - .days(180)))
            count += deleted
            if deleted < 1000 { break }
        }
        if count > 0 { log.info("old notices were deleted", ["count": LogValue(count)]) }
    }
}
