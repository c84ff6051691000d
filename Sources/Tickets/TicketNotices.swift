import Notifications
import Postgres
import Service
import Values

/// Tells people of tickets, in the transaction of what happened. Never whoever did it, and never the requester of what staff
/// tell each other; nothing names who asked without his name.
struct TicketNotices: Sendable {
    let notifications: Notifications
    let database: Database

    /// Staff have opened it in somebody's name.
    func opened(_ ticket: Ticket) async throws {
        try await tell(
            [ticket.requester.id], of: ticket, "ticket_created", "Ticket \(ticket.number): \(ticket.title)",
            "A ticket was opened for you. We tell you here what becomes of it.", key: "created")
    }

    func assigned(_ ticket: Ticket, by actor: UUID?) async throws {
        guard let assignee = ticket.assignee?.id, assignee != actor, let since = ticket.state.assignedAt else { return }
        try await tell(
            [assignee], of: ticket, "ticket_assigned", "Ticket \(ticket.number) is yours: \(ticket.title)",
            ticket.description, key: "assigned:\(since.microseconds)")
    }

    func resolved(_ ticket: Ticket, by actor: UUID?) async throws {
        guard ticket.requester.id != actor, let since = ticket.state.resolvedAt else { return }
        try await tell(
            [ticket.requester.id], of: ticket, "ticket_resolved", "Ticket \(ticket.number) is resolved",
            (ticket.state.resolution.map { $0 + "\n\n" } ?? "") + "Tell us how you found it: one to five stars.",
            key: "resolved:\(since.microseconds)")
    }

    /// The other side hears of it; of what staff tell each other, the assignee alone.
    func commented(_ ticket: Ticket, _ comment: NewComment) async throws {
        let reader = comment.isInternal || comment.side == .requester ? ticket.assignee?.id : ticket.requester.id
        guard let reader, reader != comment.author else { return }
        // An assignee who is the requester himself reads what staff tell each other; a mere requester never does.
        if comment.isInternal, reader == ticket.requester.id, ticket.assignee?.id != reader { return }
        try await tell(
            [reader], of: ticket, "ticket_reply", "Ticket \(ticket.number): \(ticket.title)", comment.text,
            key: "comment:\(comment.id)")
    }

    /// The deadline was missed: the assignee and the managers, once.
    func breached(_ ticket: Ticket, managers: [UUID]) async throws {
        var readers = managers
        if let assignee = ticket.assignee?.id, !readers.contains(assignee) { readers.append(assignee) }
        try await tell(
            readers, of: ticket, "ticket_breached", "Ticket \(ticket.number) is past its deadline: \(ticket.title)",
            "Priority \(ticket.priority.rawValue), \(ticket.state.status.rawValue).", key: "breached")
    }

    private func tell(
        _ users: [UUID], of ticket: Ticket, _ template: String, _ subject: String, _ body: String, key: String
    ) async throws {
        for reader in try await database.all(TicketQueries.readers(users)) {
            let notice = Notice(
                .support, subject: String(subject.unicodeScalars.prefix(255)), body: body, template: template,
                scope: ticket.scope, dedupeKey: "ticket:\(ticket.id):\(key):\(reader.id)")
            try await notifications.send(notice, to: .user(reader.id, email: reader.email))
        }
    }
}
