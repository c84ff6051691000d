import JSON
import Jobs
import Postgres
import Service
import Values

/// A mail that staff or a program sends.
struct EmailMessage: Shaped {
    let to: String?
    let userID: UUID?
    let subject: String?
    let body: String?
    let html: String?
    let templateKey: TemplateKey?
    let templateData: [String: String]
    let priority: Int
    let metadata: [String: String]
    let dedupeKey: String?

    static let shape = Shape<Self>(
        "EmailMessage", Self.init, Field("to", { $0.to }, .email, doc: "An address; or else userId."),
        Field("userId", { $0.userID }), Field("subject", { $0.subject }, .length(1...255)),
        Field("body", { $0.body }, .length(1...50_000), .multiline),
        Field("html", { $0.html }, .length(1...200_000), .multiline, doc: "The body as HTML, beside the plain one."),
        Field("templateKey", { $0.templateKey }, doc: "In place of subject and body."),
        Field("templateData", { $0.templateData }, .count(0...40), .each(.length(0...5_000), .multiline), default: { [:] }),
        Field("priority", { $0.priority }, .range(2...4), default: { 3 }, doc: "2 high, 3 normal, 4 low."),
        Field("metadata", { $0.metadata }, .count(0...16), .each(.length(0...500)), default: { [:] }),
        Field("dedupeKey", { $0.dedupeKey }, .length(1...150), doc: "What was sent under it before is not sent again."),
        example: ["to", "subject", "body"], check: { $0.mistakes })

    private var mistakes: [FieldError] {
        var mistakes = Recipients.mistakes(named: ["to": to != nil, "userId": userID != nil])
        if templateKey == nil {
            if subject == nil { mistakes.append(.missing("subject")) }
            if body == nil { mistakes.append(.missing("body")) }
        } else if subject != nil || body != nil || html != nil {
            mistakes.append(FieldError(field: "templateKey", code: "conflict", message: "stands in place of subject and body"))
        }
        return mistakes
    }
}

/// A short message that staff or a program sends.
struct SMSMessage: Shaped {
    let to: String?
    let userID: UUID?
    let message: String?
    let templateKey: TemplateKey?
    let templateData: [String: String]
    let priority: Int
    let metadata: [String: String]
    let dedupeKey: String?

    static let shape = Shape<Self>(
        "SMSMessage", Self.init, Field("to", { $0.to }, .phone, doc: "A number in E.164; or else userId."),
        Field("userId", { $0.userID }), Field("message", { $0.message }, .length(1...1600), .multiline),
        Field("templateKey", { $0.templateKey }, doc: "In place of message."),
        Field("templateData", { $0.templateData }, .count(0...40), .each(.length(0...500)), default: { [:] }),
        Field("priority", { $0.priority }, .range(2...4), default: { 2 }, doc: "2 high, 3 normal, 4 low."),
        Field("metadata", { $0.metadata }, .count(0...16), .each(.length(0...500)), default: { [:] }),
        Field("dedupeKey", { $0.dedupeKey }, .length(1...150), doc: "What was sent under it before is not sent again."),
        example: ["to", "message"], check: { $0.mistakes })

    private var mistakes: [FieldError] {
        Recipients.mistakes(named: ["to": to != nil, "userId": userID != nil])
            + Recipients.mistakes(named: ["message": message != nil, "templateKey": templateKey != nil])
    }
}

/// A push message that staff or a program sends.
struct PushMessage: Shaped {
    let userID: UUID?
    let deviceToken: String?
    let title: String
    let body: String
    let data: [String: String]
    let badge: Int?
    let priority: Int
    let dedupeKey: String?

    static let shape = Shape<Self>(
        "PushMessage", Self.init, Field("userId", { $0.userID }, doc: "All devices of a user; or else deviceToken."),
        Field("deviceToken", { $0.deviceToken }, .length(8...4096), doc: "A device that is known."),
        Field("title", { $0.title }, .length(1...100)), Field("body", { $0.body }, .length(1...1000), .multiline),
        Field("data", { $0.data }, .count(0...20), .each(.length(0...1000)), default: { [:] }, doc: "For the app."),
        Field("badge", { $0.badge }, .range(0...99_999)),
        Field("priority", { $0.priority }, .range(1...4), default: { 3 }, doc: "1 emergency, 2 reminder, 3 normal, 4 low."),
        Field("dedupeKey", { $0.dedupeKey }, .length(1...100), doc: "What was sent under it before is not sent again."),
        example: ["userId"],
        check: { Recipients.mistakes(named: ["userId": $0.userID != nil, "deviceToken": $0.deviceToken != nil]) })
}

enum Recipients {
    /// Exactly one of the members has to name whom a message goes to.
    static func mistakes(named: KeyValuePairs<String, Bool>) -> [FieldError] {
        let given = named.filter(\.value)
        if given.count == 1 { return [] }
        let names = named.map(\.key).joined(separator: " or ")
        return [FieldError(field: given.last?.key ?? named[0].key, code: "one_of", message: "\(names), one of them, is required")]
    }
}

extension FieldError {
    static func missing(_ field: String) -> FieldError {
        FieldError(field: field, code: "required", message: "is required")
    }
}

extension TemplateKey: WireEnum {}

/// A message that was accepted.
struct AcceptedMessage: WireOutput, Row {
    let id: ID<Notification>
    let jobID: ID<Job>?
    let status: NotificationStatus

    init(id: ID<Notification>, jobID: ID<Job>?, status: NotificationStatus) {
        self.id = id
        self.jobID = jobID
        self.status = status
    }

    init(_ row: inout RowReader) throws {
        id = try row.next()
        jobID = try row.next()
        status = try row.next()
    }

    static let shape = Shape<Self>(
        output: "AcceptedMessage", Field("id", { $0.id }),
        Field("jobId", { $0.jobID }, doc: "Nothing when it was carried out before."), Field("status", { $0.status }))
}
