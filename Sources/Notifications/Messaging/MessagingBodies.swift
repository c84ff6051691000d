import JSON
import Postgres
import Service
import Values

/// A short message of a registered text.
struct TemplateMessage: Shaped {
    let phone: String
    let templateType: DLTTemplate
    let variables: [String]
    let subjectID: UUID?
    let scopeType: String?
    let scopeID: UUID?

    static let shape = Shape<Self>(
        "TemplateMessage", Self.init, Field("phone", { $0.phone }, .phone(.india)), Field("templateType", { $0.templateType }),
        Field("variables", { $0.variables }, .count(1...30), .each(.length(1...100)), doc: "Left to right, exactly as many as the text wants."),
        Field("subjectId", { $0.subjectID }, doc: "Whom it is about, for the history."),
        Field("scopeType", { $0.scopeType }, .length(1...50), doc: "Who sends; the platform by default."),
        Field("scopeId", { $0.scopeID }), check: { $0.mistakes })

    private var mistakes: [FieldError] { ScopeNaming.mistakes(scopeType, scopeID) }
}

/// How a body or query names a scope: by both members, or not at all.
enum ScopeNaming {
    static func mistakes(_ type: String?, _ id: UUID?) -> [FieldError] {
        (type == nil) == (id == nil) ? [] : [.missing(type == nil ? "scopeType" : "scopeId")]
    }

    static func scope(_ type: String?, _ id: UUID?) -> Scope? { type.map { Scope(ScopeType($0), id) } }
}

struct SentTemplateMessage: WireOutput {
    let messageID: ID<Notification>
    let creditsUsed: Int
    let status: NotificationStatus

    static let shape = Shape<Self>(
        output: "SentTemplateMessage", Field("messageId", { $0.messageID }), Field("creditsUsed", { $0.creditsUsed }),
        Field("status", { $0.status }))
}

/// Somebody's phone is to be proved.
struct OTPRequest: Shaped {
    let phone: String
    let scopeType: String?
    let scopeID: UUID?

    static let shape = Shape<Self>(
        "OTPRequest", Self.init, Field("phone", { $0.phone }, .phone(.india)),
        Field("scopeType", { $0.scopeType }, .length(1...50)), Field("scopeId", { $0.scopeID }),
        check: { ScopeNaming.mistakes($0.scopeType, $0.scopeID) })
}

struct OTPProof: Shaped {
    let phone: String
    let otp: String
    let scopeType: String?
    let scopeID: UUID?

    static let shape = Shape<Self>(
        "OTPProof", Self.init, Field("phone", { $0.phone }, .phone(.india)), Field("otp", { $0.otp }, .oneTimeCode),
        Field("scopeType", { $0.scopeType }, .length(1...50)), Field("scopeId", { $0.scopeID }),
        check: { ScopeNaming.mistakes($0.scopeType, $0.scopeID) })
}

/// A code on its way.
package struct CodeSentView: WireOutput {
    let expiresIn: Int
    let resendAfter: Int

    package init(_ sent: Codes.Sent) {
        expiresIn = sent.expiresIn
        resendAfter = sent.resendAfter
    }

    package static let shape = Shape<Self>(
        output: "CodeSent", Field("expiresIn", { $0.expiresIn }, doc: "Seconds the code holds."),
        Field("resendAfter", { $0.resendAfter }, doc: "Seconds until another may be asked for."))
}

struct VerifiedPhone: WireOutput {
    let verified: Bool
    let verificationToken: String

    static let shape = Shape<Self>(
        output: "VerifiedPhone", Field("verified", { $0.verified }),
        Field("verificationToken", { $0.verificationToken }, doc: "Proves the phone to the product that asked, for ten minutes."))
}

/// What of a scope's messages is asked for.
struct HistoryFilter: Shaped {
    let scopeType: String?
    let scopeID: UUID?
    let channel: NotificationType?
    let status: NotificationStatus?
    let type: DLTTemplate?
    let from: Day?
    let to: Day?

    static let shape = Shape<Self>(
        "MessageHistoryFilter", Self.init, Field("scopeType", { $0.scopeType }, .length(1...50)),
        Field("scopeId", { $0.scopeID }), Field("channel", { $0.channel }), Field("status", { $0.status }),
        Field("type", { $0.type }), Field("from", { $0.from }), Field("to", { $0.to }, doc: "The last day."),
        check: { filter in
            guard let from = filter.from, let to = filter.to, to < from || to.days(since: from) > 1100 else {
                return ScopeNaming.mistakes(filter.scopeType, filter.scopeID)
            }
            return [FieldError(field: "to", code: "range", message: "must not lie before from, nor more than 1100 days after")]
        })
}

/// A message of the history.
struct HistoryMessage: WireOutput, Row {
    let id: ID<Notification>
    let createdAt: Instant
    let channel: NotificationType
    let status: NotificationStatus
    let recipient: String
    let text: String
    let type: String?
    let credits: Int?
    let provider: String?
    let error: String?
    let sentAt: Instant?

    static let shape = Shape<Self>(
        output: "HistoryMessage", Field("id", { $0.id }), Field("createdAt", { $0.createdAt }), Field("channel", { $0.channel }),
        Field("status", { $0.status }), Field("recipient", { $0.recipient }), Field("text", { $0.text }), Field("type", { $0.type }),
        Field("credits", { $0.credits }), Field("provider", { $0.provider }), Field("error", { $0.error }),
        Field("sentAt", { $0.sentAt }))

    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        channel = try row.next()
        status = try row.next()
        recipient = try row.next()
        let body: String = try row.next()
        text = body.replacing(Notice.secretMark, with: Notice.hidden)
        type = try row.next()
        credits = try row.next()
        provider = try row.next()
        error = try row.next()
        sentAt = try row.next()
    }
}

/// What a scope has sent over a channel.
struct ChannelFigures: WireOutput, Row {
    let channel: NotificationType
    let sent: Int
    let delivered: Int
    let failed: Int
    let pending: Int
    let credits: Int

    static let shape = Shape<Self>(
        output: "ChannelFigures", Field("channel", { $0.channel }), Field("sent", { $0.sent }),
        Field("delivered", { $0.delivered }), Field("failed", { $0.failed }), Field("pending", { $0.pending }),
        Field("credits", { $0.credits }, doc: "Spent or set aside."))

    init(_ row: inout RowReader) throws {
        channel = try row.next()
        sent = try row.next()
        delivered = try row.next()
        failed = try row.next()
        pending = try row.next()
        credits = try row.next()
    }
}

struct MessagingFigures: WireOutput {
    let channels: [ChannelFigures]

    static let shape = Shape<Self>(output: "MessagingFigures", Field("channels", { $0.channels }))
}

/// A registered text as staff sees it.
struct DLTTemplateView: WireOutput {
    let template: DLTTemplate
    let configured: Bool

    static let shape = Shape<Self>(
        output: "DLTTemplate", Field("type", { $0.template }), Field("text", { $0.template.text }),
        Field("variables", { $0.template.variables }, doc: "How many values it wants."), Field("configured", { $0.configured }))
}

extension Rule where Value == String {
    /// Six digits.
    package static var oneTimeCode: Rule {
        pattern("one-time code", example: "482913") { $0.utf8.count == 6 && $0.utf8.allSatisfy { (48...57).contains($0) } }
    }
}
