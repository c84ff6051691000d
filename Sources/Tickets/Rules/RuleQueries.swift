import JSON
import Postgres
import Service
import Values

/// The SQL of `tickets.rules`.
enum RuleQueries {
    private static let columns: SQL = """
        r.id, r.created_at, r.updated_at, r.scope_type, r.scope_id, r.name, r.kind, r.condition, r.action, r.position,
        r.is_enabled, r.run_count
        """

    static func rule(_ id: ID<TicketRule>) -> Statement<TicketRule> {
        Statement("select \(columns) from tickets.rules r where r.id = \(id)")
    }

    static func lock(_ id: ID<TicketRule>) -> Statement<TicketRule> {
        Statement("select \(columns) from tickets.rules r where r.id = \(id) for update")
    }

    /// Index `rules_scope`.
    static func page(of scope: Scope, _ kind: TicketRuleKind?, _ page: PageRequest) -> Statement<TicketRule> {
        Statement(
            """
            select \(columns) from tickets.rules r where \(matching(scope, kind))
             order by r.position, r.id limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(of scope: Scope, _ kind: TicketRuleKind?) -> Statement<Int> {
        Statement("select count(*) from tickets.rules r where \(matching(scope, kind))")
    }

    private static func matching(_ scope: Scope, _ kind: TicketRuleKind?) -> SQL {
        let kind: SQL = kind.map { "and r.kind = \($0)" } ?? ""
        return "r.scope_type = \(scope.type.name) and r.scope_id is not distinct from \(scope.id) \(kind)"
    }

    /// What applies to tickets of a path of scopes, or without one to those of the platform; 200 at most.
    static func applying(on path: ScopePath) -> Statement<TicketRule> {
        let place: SQL =
            path.isEmpty
            ? "r.scope_type = 'platform'"
            : """
            (r.scope_type, r.scope_id) in (
                select p.type, p.id from unnest(\(path.map(\.type.name))::text[], \(path.compactMap(\.id))::uuid[]) p(type, id))
            """
        return Statement(
            """
            select \(columns) from tickets.rules r where \(place) and r.is_enabled order by r.position, r.id limit 200
            """)
    }

    static func insert(_ rule: TicketRule) -> Command {
        Command(
            """
            insert into tickets.rules (id, created_at, updated_at, scope_type, scope_id, name, kind, condition, action,
                position, is_enabled)
            values (\(rule.id), \(rule.createdAt), \(rule.updatedAt), \(rule.scope.type.name), \(rule.scope.id),
                \(rule.name), \(rule.kind), \(JSONText(encoding: rule.condition)), \(JSONText(encoding: rule.action)),
                \(rule.position), \(rule.isEnabled))
            """)
    }

    static func save(_ rule: TicketRule, at now: Instant) -> Command {
        Command(
            """
            update tickets.rules set updated_at = \(now), name = \(rule.name),
                condition = \(JSONText(encoding: rule.condition)), action = \(JSONText(encoding: rule.action)),
                position = \(rule.position), is_enabled = \(rule.isEnabled)
             where id = \(rule.id)
            """)
    }

    static func delete(_ id: ID<TicketRule>) -> Command { Command("delete from tickets.rules where id = \(id)") }

    static func ran(_ ids: [ID<TicketRule>]) -> Command {
        Command("update tickets.rules set run_count = run_count + 1 where id = any(\(ids))")
    }

    static var samples: [StatementSample] {
        let now = Instant.distantPast
        let rule = TicketRule(
            id: .new(), createdAt: now, updatedAt: now, scope: .platform, name: "a", kind: .tag,
            condition: RuleCondition(words: [], category: nil, priority: nil),
            action: RuleAction(priority: nil, assigneeID: nil, tags: [], text: nil), position: 0, isEnabled: true,
            runCount: 0)
        return [
            StatementSample("rule", self.rule(.new())), StatementSample("rule, locked", lock(.new())),
            StatementSample("rules", page(of: .platform, .tag, PageRequest(sort: "position"))),
            StatementSample("rules, counted", count(of: .platform, nil)),
            StatementSample("rules of the platform", applying(on: [])),
            StatementSample("rules of a path", applying(on: [Scope("condo", .zero)])),
            StatementSample("new rule", insert(rule)), StatementSample("saved rule", save(rule, at: now)),
            StatementSample("deleted rule", delete(.new())), StatementSample("rules that ran", ran([.new()])),
        ]
    }
}
