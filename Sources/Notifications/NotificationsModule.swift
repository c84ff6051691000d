import Crypto
import Jobs
import Postgres
import Service
import Values

/// Telling people things: their own list, and messages that leave by a provider.
package final class NotificationsModule: Module {
    package let name = "notifications"
    package let door: Notifications

    private let ranks: any Ranks
    private let perMinute: Int
    private let sendGrid: SendGridEvents?
    private let proofs: @Sendable () -> SMSProofs
    private let messaging: Messaging?

    /// - Parameters:
    ///   - perMinute: messages of the queue `notifications` over all instances.
    ///   - sendGrid: nil where SendGrid tells nothing.
    ///   - proofs: by what providers of short messages prove themselves.
    ///   - messaging: short messages of scopes and codes; nil for none.
    package init(_ door: Notifications, ranks: any Ranks, perMinute: Int, sendGrid: SendGridEvents? = nil,
        proofs: @escaping @Sendable () -> SMSProofs = { SMSProofs(server: "") }, messaging: Messaging? = nil
    ) {
        self.door = door
        self.ranks = ranks
        self.perMinute = perMinute
        self.sendGrid = sendGrid
        self.proofs = proofs
        self.messaging = messaging
    }

    package var operations: [Operation] {
        NotificationOperations(door: door, ranks: ranks).all + InboxOperations(door: door).all
            + PreferenceOperations(door: door).all + MessageOperations(door: door).all + DeviceOperations(door: door).all
            + SystemNoticeOperations(door: door).all + BroadcastOperations(door: door).all
            + DeliveryWebhooks(door: door, sendGrid: sendGrid).all + SMSWebhooks(door: door, proofs: proofs).all
            + (messaging.map { MessagingOperations(door: $0).all } ?? [])
    }
    /// Whoever is gone is reached by nothing.
    package var eventHandlers: [EventHandler] {
        [
            EventHandler("notifications.farewell", on: ["user.deleted"]) { [door] event in
                if let user = event.objectID { try await door.forget(user) }
            }
        ]
    }
    package var queues: [Queue] { NotificationJobs.queues(perMinute: perMinute) }
    package var jobs: [JobType] { NotificationJobs.types(door) + (messaging.map { [CodeJobs.purging($0.codes)] } ?? []) }
    package var schedules: [Schedule] { NotificationJobs.schedules + (messaging == nil ? [] : [CodeJobs.schedule]) }

    /// The words that operators have given to templates are known before anybody is told anything.
    package func start() async throws { try await door.templates.start() }

    package static var statements: [StatementSample] {
        let id = ID<Notification>(.zero)
        let instant = Instant(microseconds: 0)
        let row = NewNotification(
            id: id, groupID: .zero, type: .email, userID: nil, recipient: "", notice: Notice(.system, subject: "", body: ""),
            metadata: [:], secret: nil, now: instant)
        let every = NotificationCondition(
            user: .zero, status: .sent, category: "", isRead: true, since: instant, after: id)
        return QuotaQueries.samples + [
            StatementSample("insert", NotificationQueries.insert(row)),
            StatementSample("note", NotificationQueries.note(nil, for: id)),
            StatementSample("accepted", NotificationQueries.accepted(under: "")),
            StatementSample("one", NotificationQueries.one(id)),
            StatementSample("lock", NotificationQueries.lock(id, of: .zero)),
            StatementSample("delete", NotificationQueries.delete(id)),
            StatementSample("delete read", NotificationQueries.deleteRead(of: .zero)),
            StatementSample("preferences", PreferenceQueries.all(of: .zero)),
            StatementSample("quiet", PreferenceQueries.quiet(of: .zero)),
            StatementSample("chosen", PreferenceQueries.chosen(by: [], for: "")),
            StatementSample("quiet ends", PreferenceQueries.quietEnds(of: [], zones: [], at: instant)),
            StatementSample("lock preferences", PreferenceQueries.lock(.zero)),
            StatementSample("drop preferences", PreferenceQueries.drop(of: .zero)),
            StatementSample("insert preferences", PreferenceQueries.insert([], of: .zero)),
            StatementSample(
                "keep quiet",
                PreferenceQueries.keepQuiet(Preferences(preferences: [], quietFrom: nil, quietTo: nil), of: .zero, zone: "", at: instant)),
            StatementSample("sent perhaps", NotificationQueries.sentPerhaps(id, "", at: instant)),
            StatementSample("external", DeliveryQueries.messages(of: "", [])),
            StatementSample("unheard of", DeliveryQueries.unheard(of: "", askedBefore: instant, sentAfter: instant)),
            StatementSample("asked", DeliveryQueries.asked([], at: instant)),
            StatementSample("settle", CreditQueries.settle([], as: .spent)),
            StatementSample("give back", CreditQueries.settle([], as: .returned)),
            StatementSample("unheard", CreditQueries.unheard(before: instant)),
            StatementSample("pending", NotificationQueries.pending(id)),
            StatementSample(
                "sent", NotificationQueries.sent(id, by: "", nil, at: instant, erasingSecret: true)),
            StatementSample("tried", NotificationQueries.tried(id, "")),
            StatementSample("failed", NotificationQueries.failed(id, "", at: .distantFuture)),
            StatementSample("list", NotificationQueries.list(NotificationCondition(user: .zero), limit: 1)),
            StatementSample("list narrowed", NotificationQueries.list(every, limit: 1)),
            StatementSample("outbox", NotificationQueries.outbox([.email], recipient: nil, after: nil, limit: 1)),
            StatementSample("outbox of one", NotificationQueries.outbox([.email], recipient: "", after: id, limit: 1)),
            StatementSample("some", NotificationQueries.some([])),
            StatementSample("unread counts", NotificationQueries.unreadCounts(of: [])),
            StatementSample("unread count", NotificationQueries.unreadCount(of: .zero)),
            StatementSample("read", NotificationQueries.read(id, by: .zero, at: instant)),
            StatementSample("read all", NotificationQueries.readAll(by: .zero, at: instant)),
            StatementSample("hear", DeliveryQueries.hear([], from: "", at: instant)),
            StatementSample("apply", DeliveryQueries.apply([], from: "", at: instant)),
            StatementSample("suppress", DeliveryQueries.suppress([], because: [], at: instant)),
            StatementSample("suppress address", DeliveryQueries.suppress("", .email, .bounce, at: instant)),
            StatementSample("suppression", DeliveryQueries.suppression(of: "", .email)),
            StatementSample("purge events", DeliveryQueries.purgeEvents(before: instant)),
            StatementSample("drop expired", NotificationQueries.dropExpired(at: instant)),
            StatementSample("fail expired", NotificationQueries.failExpired("", at: instant)),
            StatementSample("purge", NotificationQueries.purge(read: instant, any: instant)),
        ] + CodeQueries.samples + MessagingQueries.samples + DeviceQueries.samples
            + SystemNoticeQueries.samples + TelegramChatQueries.samples
            + TemplateQueries.samples + BroadcastQueries.samples + BroadcastQueries.readingSamples
            + DigestQueries.samples
            + BulkQueries.samples + PersonalQueries.samples
    }
}
