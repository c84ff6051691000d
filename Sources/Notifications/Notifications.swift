import Crypto
import Jobs
import Postgres
import Realtime
import Service
import Synchronization
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
    private let current: Mutex<Channels>
    let clock: Clock
    let events: Outbox
    let contacts: any Contacts
    let audiences: any Audiences
    /// Signs links by which readers want no more mails of a kind; nil where mails carry none.
    let unsubscribing: Unsubscribing?
    /// Those that people may choose about: the platform's and the products'.
    let categories: Set<String>
    /// Who pays for messages of products' scopes.
    let meters: [any CreditMeter]
    /// The words that operators have given to templates.
    let templates: TemplateBook
    let jobs: Jobs
    private let ring: SealingRing
    let log: Log
    private let rooms: RoomEvents

    /// - Parameters:
    ///   - dataKey: the installation's 32 secret bytes.
    ///   - channels: what takes messages out of the process.
    ///   - contacts: where people are reached.
    ///   - audiences: who belongs to a scope, for messages to many.
    ///   - unsubscribing: signs the links by which readers of those want no more.
    ///   - categories: those of products, besides the platform's.
    ///   - meters: who pays for messages of products' scopes.
    ///   - events: hear of every message that was sent, delivered, or came back.
    package init(
        database: Database, jobs: Jobs, events: Outbox, dataKey: [UInt8], channels: Channels,
        contacts: any Contacts = NoContacts(), audiences: any Audiences = NoAudiences(),
        unsubscribing: Unsubscribing? = nil, categories: [NoticeCategory] = [], meters: [any CreditMeter] = [],
        clock: Clock = .system, log: Log
    ) {
        self.database = database
        self.jobs = jobs
        let bytes = HMACSHA256.authenticate("notifications.sealing", key: dataKey)
        guard let key = SealingKey(id: 1, bytes: bytes) else { preconditionFailure("a digest has 32 bytes") }
        ring = SealingRing(current: key)
        current = Mutex(channels)
        rooms = RoomEvents(database: database)
        self.events = events
        self.contacts = contacts
        self.audiences = audiences
        self.unsubscribing = unsubscribing
        self.meters = meters
        self.categories = Set((NoticeCategory.platform + categories).map(\.name))
        templates = TemplateBook(database, log: log)
        self.clock = clock
        self.log = log
    }

    /// What takes messages out of the process at this moment.
    var channels: Channels { current.withLock { $0 } }

    /// Operators have set up other providers: what leaves from now on leaves by them.
    package func use(_ channels: Channels) { current.withLock { $0 = channels } }

    /// Where people are reached, and in which language: those who can be told anything.
    package func people(_ users: [UUID]) async throws -> [Contact] { try await contacts.contacts(of: users) }

    // MARK: Telling

    /// Writes a row for each channel, and a job for each that leaves the process. What was sent before under the same
    /// `dedupeKey` is not sent again. A user's own list fills at once; what goes elsewhere goes as he has chosen, and not in
    /// his quiet hours, unless it is urgent.
    package func send(_ notice: Notice, to addressee: Addressee) async throws {
        let group = UUID.v7()
        try await database.transaction { _ in
            var ways = Ways(refused: [], from: nil)
            if let user = addressee.userID, addressee.isListed {
                // What stands in his list already has been told in every way.
                if notice.isListed, try await !list(notice, for: user, in: group) { return }
                ways = try await self.ways(of: user, for: notice)
                // Codes are for the eyes of whoever reads the mail.
                if notice.secret == nil, ways.allows(.push) {
                    let content = PushContent(
                        data: notice.actionURL.map { ["url": $0] } ?? [:], badge: nil, browser: notice.browser)
                    _ = try await push(notice, content, to: try await devices(of: user), in: group, from: ways.from)
                }
                if notice.secret == nil, ways.allows(.telegram) {
                    try await tell(notice, atTelegram: user, in: group, from: ways.from)
                }
            }
            guard let address = addressee.email, ways.allows(.email) else { return }
            let message = NewMessage(type: .email, userID: addressee.userID, recipient: address, notice: notice)
            _ = try await add(message, in: group, from: ways.from)
        }
    }

    /// The sockets of people hear of notices in their lists, once these are committed: a statement for the notices, and one for
    /// how many each has not read.
    func tell(_ ids: [ID<Notification>], to users: [UUID]) async throws {
        if ids.isEmpty { return }
        let counts = Dictionary(
            try await database.all(NotificationQueries.unreadCounts(of: users)).map { ($0.user, $0.count) }) { first, _ in first }
        // Collected, and written by one statement when the transaction commits.
        for record in try await database.all(NotificationQueries.some(ids)) {
            guard let user = record.userID else { continue }
            let news = NewNotice(notification: NotificationView(record: record), unreadCount: counts[user] ?? 0)
            try await rooms.emit("notification:new", to: "user:\(user)", news)
        }
    }

    /// The person's sockets hear of the notice, once it is committed.
    private func tell(_ id: ID<Notification>, to user: UUID) async throws {
        let record = try await database.one(NotificationQueries.one(id))
        let news = NewNotice(notification: NotificationView(record: record), unreadCount: try await unreadCount(of: user))
        try await rooms.emit("notification:new", to: "user:\(user)", news)
    }

    /// Writes the row of a message and its job, due at `instant` or at once; nil when its key was used before. In a
    /// transaction.
    func add(
        _ message: NewMessage, in group: UUID = .v7(), from instant: Instant?
    ) async throws -> (id: ID<Notification>, job: ID<Job>?)? {
        let id = ID<Notification>.new()
        guard try await write(message, id: id, in: group) else { return nil }
        let kind = NotificationJobs.kind(of: message)
        let payload = SendNotification(notificationID: id)
        let priority = message.notice.priority
        let job =
            if let instant {
                try await jobs.enqueue(kind, payload, at: instant, priority: priority)
            } else {
                try await jobs.enqueue(kind, payload, priority: priority)
            }
        try await database.execute(NotificationQueries.note(job, for: id))
        return (id, job)
    }

    /// Writes the row of a message alone, under an id; false when its key was used before, or the id.
    func write(_ message: NewMessage, id: ID<Notification>, in group: UUID = .v7()) async throws -> Bool {
        var message = message
        message.notice = templates.worded(message.notice, over: message.type)
        if message.type == .push { message.notice.body = String(message.notice.body.unicodeScalars.prefix(1000)) }
        if message.type != .email { message.notice.html = nil }
        var row = NewNotification(
            id: id, groupID: group, type: message.type, userID: message.userID, recipient: message.recipient,
            notice: message.notice, metadata: message.metadata,
            secret: message.notice.secret.map { ring.seal($0, context: NewNotification.context(id)) }, now: clock.now())
        row.content = message.content
        if message.type == .sms {
            let text = message.notice.body.replacing(Notice.secretMark, with: message.notice.secret ?? Notice.hidden)
            row.registered = message.registered
            row.segments = SMSText.segments(of: text)
            row.credits = meter(of: message.notice.scope) == nil ? nil : .reserved
        }
        return try await database.execute(NotificationQueries.insert(row)) == 1
    }

    /// Writes a row of somebody's own list: codes and links are not kept with it. False when its key was used before.
    @discardableResult
    func list(_ notice: Notice, for user: UUID, in group: UUID) async throws -> Bool {
        let row = NewNotification(
            id: .new(), groupID: group, type: .inApp, userID: user, recipient: user.description,
            notice: templates.worded(notice, over: .inApp), metadata: [:], secret: nil, now: clock.now())
        guard try await database.execute(NotificationQueries.insert(row)) == 1 else { return false }
        try await tell(row.id, to: user)
        return true
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

    /// What the provider puts into the words that he has, with the secret in place.
    func design(of record: NotificationRecord) throws -> ProviderTemplate? {
        guard let id = record.providerTemplateID, let data = record.templateData else { return nil }
        var design = ProviderTemplate(id: id, data: try [String: String].decode(json: data.bytes))
        let secret = try secret(of: record) ?? Notice.hidden
        design.data = design.data.mapValues { $0.replacing(Notice.secretMark, with: secret) }
        return design
    }

    /// The secret itself, for whoever may see the outbox.
    func secret(of record: NotificationRecord) throws -> String? {
        guard let sealed = record.secret else { return nil }
        return try ring.openText(Sealed(bytes: sealed), context: NewNotification.context(record.id))
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
        while try await database.execute(SystemNoticeQueries.purge(before: now - .days(180))) == 1000 {}
        while try await database.execute(DeliveryQueries.purgeEvents(before: now - .days(90))) == 1000 {}
        if count > 0 { log.info("old notices were deleted", ["count": LogValue(count)]) }
    }
}
