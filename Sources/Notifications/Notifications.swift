import Crypto
import Jobs
import Postgres
import Service
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
    let channels: Channels
    let clock: Clock
    let events: Outbox
    private let jobs: Jobs
    private let ring: SealingRing
    private let log: Log

    /// - Parameters:
    ///   - dataKey: the installation's 32 secret bytes.
    ///   - channels: what takes messages out of the process.
    ///   - events: hear of every message that was sent, delivered, or came back.
    package init(
        database: Database, jobs: Jobs, events: Outbox, dataKey: [UInt8], channels: Channels, clock: Clock = .system, log: Log
    ) {
        self.database = database
        self.jobs = jobs
        let bytes = HMACSHA256.authenticate("notifications.sealing", key: dataKey)
        guard let key = SealingKey(id: 1, bytes: bytes) else { preconditionFailure("a digest has 32 bytes") }
        ring = SealingRing(current: key)
        self.channels = channels
        self.events = events
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

    // MARK: Texts

    /// The text with its secret in place.
    func text(of record: NotificationRecord) throws -> String {
        record.body.replacing(Notice.secretMark, with: try secret(of: record) ?? Notice.hidden)
    }

    /// The same as HTML, where there is one.
    func html(of record: NotificationRecord) throws -> String? {
        guard let html = record.html else { return nil }
        return html.replacing(Notice.secretMark, with: Markup.escaped(try secret(of: record) ?? Notice.hidden))
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
        while try await database.execute(DeliveryQueries.purgeEvents(before: now - .days(90))) == 1000 {}
        if count > 0 { log.info("old notices were deleted", ["count": LogValue(count)]) }
    }
}
