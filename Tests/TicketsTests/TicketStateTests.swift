import Testing
import Values

@testable import Tickets

@Suite struct TicketStateTests {
    private static let start = Instant("2026-11-21T10:00:00.000Z")!
    private static let profile = TicketProfile.platform { _, _ in [] }

    private static func state(_ status: TicketStatus) -> TicketState {
        var state = TicketState.opened(at: start, dueAt: nil)
        state.status = status
        if status != .new { (state.assignee, state.assignedAt) = (.zero, start) }
        if status == .resolved || status == .closed { state.resolvedAt = start }
        if status == .closed || status == .cancelled { state.closedAt = start }
        return state
    }

    /// Every move of the platform's table (0-platform, 4.10), and no other.
    @Test(arguments: TicketStatus.allCases, [TicketSide.requester, .assignee, .staff, .system])
    func movesAreThoseOfTheTable(from: TicketStatus, side: TicketSide) {
        let working: Set<TicketStatus> = [.assigned, .inProgress, .review, .waiting]
        let allowed: Set<TicketStatus> =
            switch (from, side) {
            // Nobody has a new one, so `assigned` is reached by assigning alone.
            case (.new, .staff): [.inProgress, .resolved, .closed, .cancelled]
            case (.new, .requester): [.cancelled]
            case (.assigned, .staff), (.inProgress, .staff), (.review, .staff), (.waiting, .staff):
                working.subtracting([from]).union([.resolved, .new, .cancelled, .closed])
            case (.assigned, .assignee), (.inProgress, .assignee), (.review, .assignee), (.waiting, .assignee):
                working.subtracting([from]).union([.resolved])
            case (.waiting, .requester): [.inProgress]
            case (.waiting, .system): [.resolved]
            case (.resolved, .requester): [.inProgress]
            case (.resolved, .staff): [.inProgress, .closed]
            case (.resolved, .system): [.closed]
            case (.closed, .staff): [.inProgress]
            default: []
            }
        for next in TicketStatus.allCases {
            var state = Self.state(from)
            let moved = (try? state.move(to: next, by: [side], at: Self.start, under: Self.profile)) != nil
            #expect(moved == allowed.contains(next), "\(side) from \(from) to \(next)")
            if !moved { #expect(state == Self.state(from)) }
        }
    }

    @Test func reopeningHasItsTime() throws {
        let late = Self.start + .hours(7 * 24)
        for (side, when, isAllowed) in [
            (TicketSide.requester, late - .seconds(1), true), (.requester, late, false), (.staff, late, true),
        ] {
            var state = Self.state(.resolved)
            let moved = (try? state.move(to: .inProgress, by: [side], at: when, under: Self.profile)) != nil
            #expect(moved == isAllowed, "\(side) at \(when)")
        }
        var closed = Self.state(.closed)
        #expect(throws: TicketProblem.invalidTransition) {
            try closed.move(to: .inProgress, by: [.staff], at: Self.start + .days(30), under: Self.profile)
        }
        try closed.move(to: .inProgress, by: [.staff], at: Self.start + .days(29), under: Self.profile)
        #expect(closed.reopenedCount == 1 && closed.resolvedAt == nil && closed.closedAt == nil)
    }

    @Test func whatIsAnsweredTooLateIsABreach() {
        var state = TicketState.opened(at: Self.start, dueAt: Self.start + .hours(4))
        state.respond(at: Self.start + .hours(5), under: Self.profile)
        #expect(state.breachedAt == Self.start + .hours(5))
        state.respond(at: Self.start + .hours(6), under: Self.profile)
        #expect(state.firstResponseAt == Self.start + .hours(5))
    }

    @Test func numbersHaveTheirYearOrNone() {
        #expect(Self.profile.number(7, year: 2026) == "TKT-2026-00007")
        #expect(Self.profile.number(123_456, year: 2026) == "TKT-2026-123456")
    }
}

@Suite struct RuleOutcomeTests {
    private static func rule(
        _ kind: TicketRuleKind, words: [String] = [], category: String? = nil, priority: TicketPriority? = nil,
        tags: [String] = [], text: String? = nil, enabled: Bool = true
    ) -> TicketRule {
        TicketRule(
            id: .new(), createdAt: .distantPast, updatedAt: .distantPast, scope: .platform, name: "r", kind: kind,
            condition: RuleCondition(words: words, category: category, priority: nil),
            action: RuleAction(priority: priority, assigneeID: nil, tags: tags, text: text), position: 0,
            isEnabled: enabled, runCount: 0)
    }

    @Test(arguments: [
        ("All is DOWN!", "x", TicketPriority.high), ("I cannot  login.", "x", .high), ("Sundown", "x", .low),
        ("x", "a security hole, urgent", .critical), ("x", "y", .low),
    ]) func wordsRaiseAndNeverLower(title: String, description: String, expected: TicketPriority) {
        let rules = [
            Self.rule(.prioritise, words: ["security"], priority: .critical),
            Self.rule(.prioritise, words: ["urgent", "down", "cannot login"], priority: .high),
            Self.rule(.prioritise, words: ["x"], priority: .critical, enabled: false),
            Self.rule(.escalate, priority: .critical),
        ]
        let outcome = RuleOutcome(
            rules, of: [.prioritise], title: title, description: description, category: "c", priority: .low)
        #expect(outcome.priority == expected)
    }

    @Test func repliesNeedHalfOfTheirWords() {
        let rules = [
            Self.rule(.reply, words: ["reset", "password", "mail", "link"], text: "A"),
            Self.rule(.reply, words: ["reset", "code", "mail"], text: "B"),
            Self.rule(.reply, words: ["password"], category: "other", text: "C"),
        ]
        let replies = RuleOutcome.replies(rules, title: "Reset my password", description: "please", category: "c")
        #expect(replies == ["A"])
    }
}
