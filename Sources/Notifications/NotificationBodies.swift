import JSON
import Service
import Values

/// What a list of notices is narrowed to.
struct NotificationFilter: Shaped {
    let userID: UUID?
    let type: NotificationType
    let status: NotificationStatus?
    let category: String?
    let read: Bool?
    let since: Instant?

    static let shape = Shape<Self>(
        "NotificationFilter", Self.init,
        Field("userId", { $0.userID }, doc: "Another's, for readers of all messages; the caller's own by default."),
        Field("type", { $0.type }, default: { .inApp }), Field("status", { $0.status }),
        Field("category", { $0.category }, .length(1...40)), Field("read", { $0.read }), Field("since", { $0.since }))
}

/// A notice in somebody's list. Codes and links are hidden.
struct NotificationView: WireOutput {
    let record: NotificationRecord

    static let shape = Shape<Self>(
        output: "Notification",
        Field("id", { $0.record.id }), Field("createdAt", { $0.record.createdAt }), Field("type", { $0.record.type }),
        Field("category", { $0.record.category }), Field("priority", { $0.record.priority }),
        Field("status", { $0.record.status }), Field("subject", { $0.record.subject }),
        Field("body", { $0.record.body.replacing(Notice.secretMark, with: Notice.hidden) }),
        Field("actionUrl", { $0.record.actionURL }), Field("readAt", { $0.record.readAt }))
}

/// A notice or message and what became of it.
struct NotificationDetail: WireOutput {
    let record: NotificationRecord

    static let shape = Shape<Self>(
        output: "NotificationDetail",
        Field("id", { $0.record.id }), Field("createdAt", { $0.record.createdAt }), Field("userId", { $0.record.userID }),
        Field("type", { $0.record.type }), Field("category", { $0.record.category }),
        Field("priority", { $0.record.priority }), Field("status", { $0.record.status }),
        Field("recipient", { $0.record.recipient }), Field("subject", { $0.record.subject }),
        Field("body", { $0.record.body.replacing(Notice.secretMark, with: Notice.hidden) }),
        Field("actionUrl", { $0.record.actionURL }), Field("provider", { $0.record.provider }),
        Field("externalId", { $0.record.externalID }), Field("error", { $0.record.error }),
        Field("retryCount", { $0.record.retryCount }), Field("readAt", { $0.record.readAt }),
        Field("sentAt", { $0.record.sentAt }), Field("deliveredAt", { $0.record.deliveredAt }),
        Field("failedAt", { $0.record.failedAt }),
        Field("expiresAt", { $0.record.expiresAt }, doc: "When it is of no use any more: then it is not sent"),
        Field("groupId", { $0.record.groupID }, doc: "The same for one notice over several channels"),
        Field("scopeType", { $0.record.scope?.type.name }), Field("scopeId", { $0.record.scope?.id }),
        Field("templateKey", { $0.record.templateKey }),
        Field("metadata", { $0.record.metadata }, doc: "What its sender has noted with it"),
        Field("jobId", { $0.record.jobID }), Field("segments", { $0.record.segments }, doc: "Of a short message"))
}

/// What somebody's sockets hear of a notice.
struct NewNotice: WireOutput {
    let notification: NotificationView
    let unreadCount: Int

    static let shape = Shape<Self>(
        output: "NewNotice", Field("notification", { $0.notification }), Field("unreadCount", { $0.unreadCount }))
}

/// What the outbox is narrowed to.
struct OutboxFilter: Shaped {
    let recipient: String?

    static let shape = Shape<Self>(
        "OutboxFilter", Self.init, Field("recipient", { $0.recipient }, .length(1...500), doc: "An address, exactly."))
}

/// A message of the outbox, in full.
struct OutboxMessage: WireOutput {
    let record: NotificationRecord
    let text: String
    let secret: String?

    static let shape = Shape<Self>(
        output: "OutboxMessage",
        Field("id", { $0.record.id }), Field("createdAt", { $0.record.createdAt }), Field("type", { $0.record.type }),
        Field("category", { $0.record.category }), Field("status", { $0.record.status }),
        Field("recipient", { $0.record.recipient }), Field("subject", { $0.record.subject }), Field("body", { $0.text }),
        Field("secret", { $0.secret }, doc: "The code or link alone."), Field("provider", { $0.record.provider }),
        Field("error", { $0.record.error }), Field("retryCount", { $0.record.retryCount }),
        Field("sentAt", { $0.record.sentAt }))
}

struct UnreadCount: WireOutput {
    let count: Int

    static let shape = Shape<Self>(output: "UnreadCount", Field("count", { $0.count }))
}

struct UpdatedCount: WireOutput {
    let updated: Int

    static let shape = Shape<Self>(output: "UpdatedCount", Field("updated", { $0.updated }))
}
