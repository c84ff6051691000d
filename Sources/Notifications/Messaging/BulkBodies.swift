import JSON
import Postgres
import Service
import Values

/// One of those whom a short message to many is for.
struct BulkRecipient: Shaped {
    let phone: String
    let values: [String: String]
    let subjectID: UUID?

    static let shape = Shape<Self>(
        "BulkRecipient", Self.init, Field("phone", { $0.phone }, .phone(.india)),
        Field("values", { $0.values }, .count(0...30), .each(.length(1...100)), default: { [:] }, doc: "What `{{name}}` in the variables stands for."),
        Field("subjectId", { $0.subjectID }, doc: "Whom it is about, for the history."))
}

/// A short message of a registered text to many.
struct BulkMessage: Shaped {
    static let most = 500

    let recipients: [BulkRecipient]
    let filter: Audience?
    let templateType: DLTTemplate
    let variables: [String]
    let scopeType: String?
    let scopeID: UUID?

    static let shape = Shape<Self>(
        "BulkMessage", Self.init,
        Field("recipients", { $0.recipients }, .count(0...BulkMessage.most), default: { [] }),
        Field("filter", { $0.filter }, doc: "Or else those who belong to the scope and have a confirmed number."),
        Field("templateType", { $0.templateType }),
        Field(
            "variables", { $0.variables }, .count(1...30), .each(.length(1...100)),
            doc: "Left to right, as many as the text wants. `{{name}}` is each recipient's own value; by filter there are name and phone."),
        Field("scopeType", { $0.scopeType }, .length(1...50), doc: "Who sends; the platform by default."),
        Field("scopeId", { $0.scopeID }), example: ["filter"], check: { $0.mistakes })

    private var mistakes: [FieldError] {
        ScopeNaming.mistakes(scopeType, scopeID)
            + Recipients.mistakes(named: ["recipients": !recipients.isEmpty, "filter": filter != nil])
    }
}

struct AcceptedBulk: WireOutput {
    let batchID: UUID
    let queued: Int
    let skipped: Int

    static let shape = Shape<Self>(
        output: "AcceptedBulk", Field("batchId", { $0.batchID }), Field("queued", { $0.queued }),
        Field(
            "skipped", { $0.skipped },
            doc: "Numbers named twice, that nobody sends this text to, that want none, or whose values are missing."))
}

/// Whose short messages to many are sent on.
struct BatchSender: Shaped, Hashable, Row {
    let scopeType: String?
    let scopeID: UUID?

    static let shape = Shape<Self>(
        "BatchSender", Self.init, Field("scopeType", { $0.scopeType }), Field("scopeId", { $0.scopeID }))

    init(scopeType: String?, scopeID: UUID?) {
        self.scopeType = scopeType
        self.scopeID = scopeID
    }

    init(_ scope: Scope?) { self.init(scopeType: scope?.type.name, scopeID: scope?.id) }

    init(_ row: inout RowReader) throws { self.init(scopeType: try row.next(), scopeID: try row.next()) }

    var key: String { "\(scopeType ?? ""):\(scopeID?.description ?? "")" }
}
