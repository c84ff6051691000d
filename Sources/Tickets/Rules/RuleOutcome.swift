import Values

/// What the rules of a scope make of one ticket: each applies once, in their order.
struct RuleOutcome: Equatable, Sendable {
    private(set) var priority: TicketPriority
    private(set) var tags: [String] = []
    private(set) var assignee: UUID?
    /// Those that applied.
    private(set) var applied: [ID<TicketRule>] = []

    /// - Parameter kinds: `escalate` for a missed deadline, the others for a new ticket.
    init(
        _ rules: [TicketRule], of kinds: Set<TicketRuleKind>, title: String, description: String, category: String,
        priority: TicketPriority
    ) {
        self.priority = priority
        let words = RuleWords(title + "\n" + description)
        for rule in rules where rule.isEnabled && kinds.contains(rule.kind) {
            guard rule.condition.category.map({ $0 == category }) ?? true,
                rule.condition.priority.map({ $0 == self.priority }) ?? true,
                rule.condition.words.isEmpty || rule.condition.words.contains(where: words.contains)
            else { continue }
            apply(rule)
        }
    }

    private mutating func apply(_ rule: TicketRule) {
        if let priority = rule.action.priority { self.priority = max(self.priority, priority) }
        if assignee == nil { assignee = rule.action.assigneeID }
        for tag in rule.action.tags where !tags.contains(tag) && tags.count < 20 { tags.append(tag) }
        applied.append(rule.id)
    }

    /// The answers that fit a ticket: of the rules of which at least half of the words are in it.
    static func replies(_ rules: [TicketRule], title: String, description: String, category: String) -> [String] {
        let words = RuleWords(title + "\n" + description)
        return rules.filter { rule in
            guard rule.isEnabled, rule.kind == .reply, rule.condition.category.map({ $0 == category }) ?? true else {
                return false
            }
            let found = rule.condition.words.count(where: words.contains)
            return found * 2 >= rule.condition.words.count
        }.compactMap(\.action.text)
    }
}

/// The words of a text, for finding words and phrases in it.
struct RuleWords {
    private let text: String

    init(_ text: String) { self.text = Self.normal(text) }

    func contains(_ phrase: String) -> Bool {
        let phrase = Self.normal(phrase)
        return phrase.utf8.count > 2 && text.contains(phrase)
    }

    /// Lower case, one space between words and at both ends, nothing else.
    private static func normal(_ text: String) -> String {
        " " + text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ") + " "
    }
}
