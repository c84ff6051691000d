import Identity
import JSON
import Service
import Values

/// How categories are reached.
enum CategoryOperations {
    private static let base = "/api/v1/ticket-categories"
    private static let tag = "Tickets"

    static func all(_ module: TicketsModule) -> [Operation] {
        let tickets = module.tickets
        return [
            .get(
                base, "listTicketCategories", "The categories of a scope", tag: tag, who: .signedIn,
                query: CategoryFilter.self, answer: [TicketCategory].self
            ) { call, filter in
                try await tickets.categories(filter, for: call.caller)
            },
            .get(
                base + "/{id}", "getTicketCategory", "One category", tag: tag, who: .signedIn, answer: TicketCategory.self
            ) { call in
                try await tickets.category(try call.id(), for: call.caller)
            },
            .post(
                base, "addTicketCategory", "Add a category to a scope, or put one in the place of a usual one", tag: tag,
                who: .permission(.supportManage), problems: [TicketProblem.categoryExists], body: NewCategoryBody.self,
                answer: TicketCategory.self, location: { "\(base)/\($0.id)" }
            ) { call, body in
                try await tickets.database.transaction { _ in
                    let category = try await tickets.add(body, by: call.caller)
                    await module.record("ticket_category_added", category, by: call)
                    return category
                }
            },
            .patch(
                base + "/{id}", "changeTicketCategory", "Change a category of one's own", tag: tag,
                who: .permission(.supportManage), problems: [TicketProblem.categoryIsSystem],
                body: ChangedCategoryBody.self, answer: TicketCategory.self
            ) { call, body in
                try await tickets.database.transaction { _ in
                    let (before, after) = try await tickets.change(try call.id(), body, by: call.caller)
                    await module.record("ticket_category_changed", after, after.changes(since: before), by: call)
                    return after
                }
            },
            .delete(
                base + "/{id}", "deleteTicketCategory", "Delete a category of one's own", tag: tag,
                who: .permission(.supportManage), problems: [TicketProblem.categoryIsSystem, TicketProblem.categoryUsed]
            ) { call in
                try await tickets.database.transaction { _ in
                    let gone = try await tickets.delete(try call.id() as ID<TicketCategory>, by: call.caller)
                    await module.record("ticket_category_deleted", gone, by: call)
                }
            },
        ]
    }
}

extension TicketsModule {
    fileprivate func record(
        _ action: String, _ category: TicketCategory, _ changes: [AuditChange?] = [], by call: Call
    ) async {
        await trail?.record(
            action, "ticket_category", category.id.uuid, product: "tickets", in: category.scope, changes: changes,
            details: [("code", .text(category.code))], by: call)
    }
}

extension TicketCategory {
    fileprivate func changes(since old: TicketCategory) -> [AuditChange?] {
        [
            AuditChange("names", .json(old.names), .json(names)),
            AuditChange("icon", AuditValue(old.icon), AuditValue(icon)),
            AuditChange("color", AuditValue(old.color), AuditValue(color)),
            AuditChange("slaHours", AuditValue(old.slaHours), AuditValue(slaHours)),
            AuditChange("autoAssign", .flag(old.autoAssign), .flag(autoAssign)),
        ]
    }
}
