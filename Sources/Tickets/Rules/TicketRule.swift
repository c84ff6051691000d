import JSON
import Postgres
import Service
import Values

/// What is done with new tickets of a scope without anybody doing it. Never closes anything.
struct TicketRule: Sendable {
    let id: ID<TicketRule>
    let createdAt: Instant
    let updatedAt: Instant
    let scope: Scope
    var name: String
    let kind: TicketRuleKind
    var condition: RuleCondition
    var action: RuleAction
    var position: Int
    var isEnabled: Bool
    let runCount: Int
}

enum TicketRuleKind: String, WireEnum {
    case assign, prioritise, tag
    /// Proposes an answer to staff when half of its words are in the ticket.
    case reply
    /// When the deadline has been missed.
    case escalate
}

/// When a rule applies: to tickets of the category and priority, if it names them, in which one of the words stands, if it
/// has some.
struct RuleCondition: Shaped {
    let words: [String]
    let category: String?
    let priority: TicketPriority?

    static let shape = Shape<RuleCondition>(
        "TicketRuleCondition", Self.init,
        Field(
            "words", { $0.words }, .count(0...50), .each(.length(1...100)), default: { [] },
            doc: "Whole words or phrases of title and description, in any case"),
        Field("category", { $0.category }, .length(1...50), doc: "The code of a category"),
        Field("priority", { $0.priority }))
}

/// What a rule does, by its kind.
struct RuleAction: Shaped {
    let priority: TicketPriority?
    let assigneeID: UUID?
    let tags: [String]
    let text: String?

    static let shape = Shape<RuleAction>(
        "TicketRuleAction", Self.init,
        Field("priority", { $0.priority }, doc: "prioritise, escalate: at least this"),
        Field("assigneeId", { $0.assigneeID }, doc: "assign, escalate: staff of the scope"),
        Field("tags", { $0.tags }, .count(0...20), .each(.length(1...50)), .distinct(), default: { [] }, doc: "tag"),
        Field("text", { $0.text }, .length(1...5000), .multiline, doc: "reply"))

    /// What is missing for a rule of a kind.
    func mistakes(for kind: TicketRuleKind, _ condition: RuleCondition) -> [FieldError] {
        func missing(_ field: String) -> [FieldError] {
            [FieldError(field: field, code: "required", message: "A rule of the kind \(kind.rawValue) needs it.")]
        }
        return switch kind {
        case .assign: assigneeID == nil ? missing("action.assigneeId") : []
        case .prioritise: priority == nil ? missing("action.priority") : []
        case .tag: tags.isEmpty ? missing("action.tags") : []
        case .reply:
            (text == nil ? missing("action.text") : []) + (condition.words.isEmpty ? missing("condition.words") : [])
        case .escalate: priority == nil && assigneeID == nil ? missing("action.priority") : []
        }
    }
}

extension TicketRule: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        scope = Scope(ScopeType(try row.next()), try row.next())
        name = try row.next()
        kind = try row.next()
        condition = try row.document(or: RuleCondition(words: [], category: nil, priority: nil))
        action = try row.document(or: RuleAction(priority: nil, assigneeID: nil, tags: [], text: nil))
        position = try row.next()
        isEnabled = try row.next()
        runCount = try row.next()
    }
}

extension RowReader {
    /// A document of our own writing in a `jsonb` column. What it was before a change of its shape is read as `fallback`.
    fileprivate mutating func document<Document: Shaped>(or fallback: Document) throws -> Document {
        let text: JSONText = try next()
        return (try? Document.decode(json: text.bytes)) ?? fallback
    }
}

extension TicketRule: WireOutput {
    static let shape = Shape<TicketRule>(
        output: "TicketRule",
        Field("id", { $0.id }), Field("scope", { ScopeView($0.scope) }), Field("name", { $0.name }),
        Field("kind", { $0.kind }), Field("condition", { $0.condition }), Field("action", { $0.action }),
        Field("position", { $0.position }), Field("isEnabled", { $0.isEnabled }),
        Field("runCount", { $0.runCount }, doc: "Tickets that it was applied to"), Field("createdAt", { $0.createdAt }),
        Field("updatedAt", { $0.updatedAt }))
}
