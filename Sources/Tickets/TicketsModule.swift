import Identity
import JSON
import Jobs
import Postgres
import Service
import Values

/// What this module adds to the program.
package struct TicketsModule: Module {
    package let name = "tickets"
    package let tickets: Tickets
    let trail: StaffTrail?

    /// - Parameter trail: where changes by staff are written down.
    package init(_ tickets: Tickets, trail: StaffTrail? = nil) {
        self.tickets = tickets
        self.trail = trail
    }

    package var operations: [Operation] {
        CategoryOperations.all(self) + RuleOperations.all(self) + ProfileOperations.all(self) + TicketOperations.all(self)
    }

    private static let deadlines = JobKind<Empty>("tickets-sla", queue: "maintenance")
    private static let closing = JobKind<Empty>("tickets-autoclose", queue: "maintenance")

    package var jobs: [JobType] {
        [
            JobType(Self.deadlines) { _, _ in try await tickets.escalate() },
            JobType(Self.closing) { _, _ in try await tickets.closeStanding() },
        ]
    }

    package var schedules: [Schedule] {
        [
            Schedule("tickets-sla", Self.deadlines, Empty(), .cron("*/5 * * * *")),
            Schedule("tickets-autoclose", Self.closing, Empty(), .cron("*/10 * * * *")),
        ]
    }

    package var rooms: [RoomKind] {
        // What staff tell each other is told of there, so reading is not enough.
        [RoomKind(TicketNews.room) { caller, id in id.isEmpty && caller.can(.supportUpdate, on: []) }]
    }

    package static var statements: [StatementSample] {
        TicketQueries.samples + CategoryQueries.samples + RuleQueries.samples + ProfileQueries.samples
    }
}

extension TicketsModule {
    /// Carries a change out and, when staff made it, writes it down, in one transaction.
    func audited(_ action: String, _ call: Call, _ change: () async throws -> Tickets.Changed) async throws -> TicketView {
        try await tickets.database.transaction { _ in
            let changed = try await change()
            let after = changed.view.ticket
            if changed.view.sight.side == .staff {
                await trail?.record(
                    action, "ticket", after.id.uuid, product: "tickets", in: after.scope,
                    changes: after.changes(since: changed.before), by: call)
            }
            return changed.view
        }
    }
}

extension Ticket {
    fileprivate func changes(since old: Ticket) -> [AuditChange?] {
        [
            AuditChange("status", AuditValue(old.state.status), AuditValue(state.status)),
            AuditChange("assigneeId", AuditValue(old.assignee?.id), AuditValue(assignee?.id)),
            AuditChange("priority", AuditValue(old.priority), AuditValue(priority)),
            AuditChange("category", .text(old.category.code), .text(category.code)),
            AuditChange("title", .text(old.title), .text(title)),
            AuditChange("description", .text(old.description), .text(description)),
            AuditChange("tags", .list(old.tags), .list(tags)),
            AuditChange("resolution", AuditValue(old.state.resolution), AuditValue(state.resolution)),
        ]
    }
}
