import JSON
import Service
import Values

/// Over which channels a broadcast may go.
enum BroadcastChannel: String, WireEnum {
    case inApp = "in_app"
    case email, sms, push, telegram
}

/// A message to many.
struct NewBroadcast: Shaped {
    static let most = 10_000

    let scopeType: String
    let scopeID: UUID?
    let audience: Audience?
    let category: String
    let title: String
    let body: String
    let channels: [BroadcastChannel]
    let scheduledFor: Instant?

    static let shape = Shape<Self>(
        "NewBroadcast", Self.init,
        Field("scopeType", { $0.scopeType }, .length(1...50), .example("platform"), doc: "`platform`, or a type of scope with its id."),
        Field("scopeId", { $0.scopeID }), Field("audience", { $0.audience }, doc: "Everybody who belongs there unless given."),
        Field("category", { $0.category }, .length(1...40), doc: "People choose channels by it; `marketing` only reaches those who asked for it."),
        Field("title", { $0.title }, .length(1...255)), Field("body", { $0.body }, .length(1...5000), .multiline),
        Field("channels", { $0.channels }, .count(1...5)),
        Field("scheduledFor", { $0.scheduledFor }, doc: "Not before; within ninety days."), check: { $0.mistakes })

    private var mistakes: [FieldError] {
        var mistakes: [FieldError] = []
        if (scopeType == ScopeType.platform.name) != (scopeID == nil) {
            mistakes.append(scopeID == nil ? .missing("scopeId") : FieldError(field: "scopeId", code: "conflict", message: "the platform has no id"))
        }
        if Set(channels).count != channels.count {
            mistakes.append(FieldError(field: "channels", code: "unique", message: "names a channel twice"))
        }
        return mistakes
    }

    var scope: Scope { Scope(ScopeType(scopeType), scopeID) }
}

/// A broadcast on its way.
struct AcceptedBroadcast: WireOutput {
    let id: ID<Broadcast>
    let recipients: Int

    static let shape = Shape<Self>(
        output: "AcceptedBroadcast", Field("id", { $0.id }),
        Field("recipients", { $0.recipients }, doc: "How many people it is for; each is told as he has chosen."))
}

/// A message of staff to many. Its rows are read where it is carried out; this names their ids.
enum Broadcast {}

/// What a broadcast says, for whoever carries a part of it out.
struct BroadcastText: Sendable {
    let category: String
    let title: String
    let body: String
    let channels: [NotificationType]
    let scope: Scope?
}

/// Somebody says that he wants no more mails of a kind.
struct Unsubscribed: WireOutput {
    let category: String

    static let shape = Shape<Self>(output: "Unsubscribed", Field("category", { $0.category }, doc: "Of which no more mails come."))
}
