import JSON
import Jobs
import Postgres
import Service
import Values

/// A message that somebody asked for by name of the channel, before it is a row.
struct NewMessage: Sendable {
    var type: NotificationType
    var userID: UUID?
    var recipient: String
    var notice: Notice
    var metadata: [String: String] = [:]
    /// The registered text that a short message is made of.
    var registered: DLTTemplate?
    /// What a push message carries beside its words.
    var content: PushContent?
}

/// Messages that staff and programs send, one recipient each.
extension Notifications {
    /// A mail, to an address or to a user's. What was accepted under the same key before is answered again.
    func accept(_ message: EmailMessage) async throws -> AcceptedMessage {
        let contact = try await contact(of: message.userID)
        guard let address = message.to ?? contact?.email else { throw NotificationProblem.addressMissing.on("userId") }
        var notice = try notice(
            message.templateKey, message.templateData, subject: message.subject, body: message.body,
            locale: contact?.locale ?? "en")
        notice.html = notice.html ?? message.html
        notice.priority = JobPriority(rawValue: message.priority) ?? .normal
        notice.dedupeKey = message.dedupeKey.map { "sent:\($0)" }
        return try await accept(
            NewMessage(
                type: .email, userID: message.userID, recipient: address, notice: notice, metadata: message.metadata))
    }

    /// A short message, to a number or to a user's.
    func accept(_ message: SMSMessage) async throws -> AcceptedMessage {
        let contact = try await contact(of: message.userID)
        guard let number = message.to ?? contact?.phone else { throw NotificationProblem.addressMissing.on("userId") }
        var notice = try notice(
            message.templateKey, message.templateData, subject: nil, body: message.message, locale: contact?.locale ?? "en")
        guard SMSText.segments(of: templates.worded(notice, over: .sms).body) <= SMSText.most else { throw NotificationProblem.textTooLong.on("message") }
        notice.html = nil
        notice.priority = JobPriority(rawValue: message.priority) ?? .high
        notice.dedupeKey = message.dedupeKey.map { "sent:\($0)" }
        return try await accept(
            NewMessage(type: .sms, userID: message.userID, recipient: number, notice: notice, metadata: message.metadata))
    }

    /// Writes the row and its job.
    func accept(_ message: NewMessage) async throws -> AcceptedMessage {
        try await database.transaction { _ in
            if let added = try await add(message, from: nil) {
                return AcceptedMessage(id: added.id, jobID: added.job, status: .pending)
            }
            let known = NotificationQueries.accepted(under: message.notice.dedupeKey.map { "\($0):\(message.type.rawValue)" } ?? "")
            guard let record = try await database.first(known) else { throw HouseProblem.conflict.problem }
            return record
        }
    }

    /// The user a message names. Throws 422 for nobody.
    func contact(of user: UUID?) async throws -> Contact? {
        guard let user else { return nil }
        guard let contact = try await contacts.contacts(of: [user]).first else {
            throw NotificationProblem.recipientUnknown.on("userId")
        }
        return contact
    }

    /// What a message says, by a template or in so many words.
    func notice(
        _ key: TemplateKey?, _ data: [String: String], subject: String?, body: String?, locale: String
    ) throws -> Notice {
        guard let key else { return Notice(.system, subject: subject ?? "", body: body ?? "") }
        let text = key.text(in: locale)
        guard Set(text.variables) == Set(data.keys) else {
            throw NotificationProblem.variablesMismatch.on("templateData").with(
                "variables", .array(text.variables.map { .string($0) }))
        }
        return Notice(template: key, in: locale, data)
    }
}
