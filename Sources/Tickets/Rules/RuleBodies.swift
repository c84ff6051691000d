import JSON
import Service
import Values

struct NewRuleBody: Shaped {
    let scopeType: String
    let scopeID: UUID?
    let name: String
    let kind: TicketRuleKind
    let condition: RuleCondition
    let action: RuleAction
    let position: Int
    let isEnabled: Bool

    static let shape = Shape<NewRuleBody>(
        "NewTicketRule", Self.init,
        Field("scopeType", { $0.scopeType }, .length(1...40), .example("platform"), default: { "platform" }),
        Field("scopeId", { $0.scopeID }),
        Field("name", { $0.name }, .length(1...100)),
        Field("kind", { $0.kind }),
        Field("condition", { $0.condition }),
        Field("action", { $0.action }),
        Field("position", { $0.position }, .range(0...10_000), default: { 100 }, doc: "The lower comes first"),
        Field("isEnabled", { $0.isEnabled }, default: { true }),
        check: { body in
            (body.scopeType == "platform") == (body.scopeID == nil)
                ? [] : [FieldError(field: "scopeId", code: "required", message: "Name the scope; the platform has no id.")]
        })

    var scope: Scope { Scope(ScopeType(scopeType), scopeID) }
}

struct ChangedRuleBody: Shaped {
    let name: Patch<String>
    let condition: Patch<RuleCondition>
    let action: Patch<RuleAction>
    let position: Patch<Int>
    let isEnabled: Patch<Bool>

    static let shape = Shape<ChangedRuleBody>(
        "ChangedTicketRule", Self.init,
        Field("name", { $0.name }, .length(1...100)),
        Field("condition", { $0.condition }),
        Field("action", { $0.action }),
        Field("position", { $0.position }, .range(0...10_000)),
        Field("isEnabled", { $0.isEnabled }))
}

struct RuleFilter: Shaped {
    let scopeType: String
    let scopeID: UUID?
    let kind: TicketRuleKind?

    static let shape = Shape<RuleFilter>(
        "TicketRuleFilter", Self.init,
        Field("scopeType", { $0.scopeType }, .length(1...40), default: { "platform" }),
        Field("scopeId", { $0.scopeID }),
        Field("kind", { $0.kind }))

    var scope: Scope { Scope(ScopeType(scopeType), scopeID) }
}
