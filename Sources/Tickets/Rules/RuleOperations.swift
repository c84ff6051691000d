import Identity
import JSON
import Service
import Values

/// How rules are reached.
enum RuleOperations {
    private static let base = "/api/v1/tickets/rules"
    private static let tag = "Tickets"

    static func all(_ module: TicketsModule) -> [Operation] {
        let tickets = module.tickets
        return [
            .list(
                base, "listTicketRules", "What is done with new tickets of a scope by itself", tag: tag,
                who: .permission(.supportManage), filter: RuleFilter.self, item: TicketRule.self, sort: ["position"]
            ) { call, filter, page in
                try await tickets.rules(filter, page, for: call.caller)
            },
            .get(
                base + "/{id}", "getTicketRule", "One rule", tag: tag, who: .permission(.supportManage),
                answer: TicketRule.self
            ) { call in
                try await tickets.rule(try call.id(), for: call.caller)
            },
            .post(
                base, "addTicketRule", "Add a rule to a scope", tag: tag, who: .permission(.supportManage),
                problems: [TicketProblem.notStaff], body: NewRuleBody.self, answer: TicketRule.self,
                location: { "\(base)/\($0.id)" }
            ) { call, body in
                try await tickets.database.transaction { _ in
                    let rule = try await tickets.add(body, by: call.caller)
                    await module.record("ticket_rule_added", rule, by: call)
                    return rule
                }
            }.described("New tickets run through the enabled rules of their scopes in the order of position, each once."),
            .patch(
                base + "/{id}", "changeTicketRule", "Change a rule", tag: tag, who: .permission(.supportManage),
                problems: [TicketProblem.notStaff], body: ChangedRuleBody.self, answer: TicketRule.self
            ) { call, body in
                try await tickets.database.transaction { _ in
                    let rule = try await tickets.change(try call.id(), body, by: call.caller)
                    await module.record("ticket_rule_changed", rule, by: call)
                    return rule
                }
            },
            .delete(
                base + "/{id}", "deleteTicketRule", "Delete a rule", tag: tag, who: .permission(.supportManage)
            ) { call in
                try await tickets.database.transaction { _ in
                    let gone = try await tickets.delete(try call.id() as ID<TicketRule>, by: call.caller)
                    await module.record("ticket_rule_deleted", gone, by: call)
                }
            },
        ]
    }
}

extension TicketsModule {
    fileprivate func record(_ action: String, _ rule: TicketRule, by call: Call) async {
        await trail?.record(
            action, "ticket_rule", rule.id.uuid, product: "tickets", in: rule.scope,
            details: [
                ("name", .text(rule.name)), ("kind", .text(rule.kind.rawValue)), ("isEnabled", .flag(rule.isEnabled)),
                ("condition", .text(JSONText(encoding: rule.condition).string)),
                ("action", .text(JSONText(encoding: rule.action).string)),
            ], by: call)
    }
}
