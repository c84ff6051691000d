import JSON
import Postgres
import Service
import Values

/// A row of the table, as far as it is shown.
struct NotificationRecord: Row {
    let id: ID<Notification>
    let createdAt: Instant
    let userID: UUID?
    let type: NotificationType
    let category: String
    let priority: Int
    let status: NotificationStatus
    let recipient: String
    let subject: String?
    let body: String
    let html: String?
    let registeredText: String?
    let content: JSONText?
    var secret: [UInt8]?
    let actionURL: String?
    let provider: String?
    let externalID: String?
    let error: String?
    let retryCount: Int
    let readAt: Instant?
    let sentAt: Instant?
    /// Of a message to many.
    let broadcastID: UUID?
    /// What stands, in a chat, on the button that leads to `actionURL`.
    let buttonTitle: String?
    /// Where its words stand at a provider, and what he puts into them.
    let providerTemplateID: String?
    let templateData: JSONText?
    /// When it is of no use any more.
    let expiresAt: Instant?
    /// One notice over several channels.
    let groupID: UUID
    let scope: Scope?
    let templateKey: String?
    let metadata: JSONText
    let jobID: UUID?
    let segments: Int?
    let deliveredAt: Instant?
    let failedAt: Instant?

    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        userID = try row.next()
        type = try row.next()
        category = try row.next()
        priority = try row.next()
        status = try row.next()
        recipient = try row.next()
        subject = try row.next()
        body = try row.next()
        html = try row.next()
        registeredText = try row.next()
        content = try row.next()
        secret = try row.next()
        actionURL = try row.next()
        provider = try row.next()
        externalID = try row.next()
        error = try row.next()
        retryCount = try row.next()
        readAt = try row.next()
        sentAt = try row.next()
        broadcastID = try row.next()
        buttonTitle = try row.next()
        providerTemplateID = try row.next()
        templateData = try row.next()
        expiresAt = try row.next()
        groupID = try row.next()
        let scopeType: String? = try row.next()
        let scopeID: UUID? = try row.next()
        scope = scopeType.map { Scope(ScopeType($0), scopeID) }
        templateKey = try row.next()
        metadata = try row.next()
        jobID = try row.next()
        segments = try row.next()
        deliveredAt = try row.next()
        failedAt = try row.next()
    }
}
