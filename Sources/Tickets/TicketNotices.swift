import Notifications
import Service
import Values

/// Tells people of tickets, in the transaction of what happened. Never whoever did it, and never the requester of what staff
/// tell each other; nothing names who asked without his name. Requesters read it in their own language, staff as it is here.
struct TicketNotices: Sendable {
    let notifications: Notifications

    /// Staff have opened it in somebody's name.
    func opened(_ ticket: Ticket) async throws {
        try await tellRequester(of: ticket, .ticketCreated, [:], key: "created")
    }

    func assigned(_ ticket: Ticket, by actor: UUID?) async throws {
        guard let assignee = ticket.assignee?.id, assignee != actor, let since = ticket.state.assignedAt else { return }
        try await tell(
            [assignee], of: ticket, "ticket_assigned", "Ticket \(ticket.number) is yours: \(ticket.title)",
            ticket.description, key: "assigned:\(since.microseconds)")
    }

    func resolved(_ ticket: Ticket, by actor: UUID?) async throws {
        guard ticket.requester.id != actor, let since = ticket.state.resolvedAt else { return }
        try await tellRequester(
            of: ticket, .ticketResolved, ["resolution": ticket.state.resolution ?? ticket.title],
            key: "resolved:\(since.microseconds)")
    }

    /// The other side hears of it; of what staff tell each other, the assignee alone.
    func commented(_ ticket: Ticket, _ comment: NewComment) async throws {
        let reader = comment.isInternal || comment.side == .requester ? ticket.assignee?.id : ticket.requester.id
        guard let reader, reader != comment.author else { return }
        // An assignee who is the requester himself reads what staff tell each other; a mere requester never does.
        if comment.isInternal, reader == ticket.requester.id, ticket.assignee?.id != reader { return }
        if reader == ticket.requester.id, !comment.isInternal {
            let author = try await notifications.name(of: comment.author) ?? ""
            return try await tellRequester(
                of: ticket, .ticketReply, ["author": author, "text": comment.text], key: "comment:\(comment.id)")
        }
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

    private func tellRequester(
        of ticket: Ticket, _ template: TemplateKey, _ values: [String: String], key: String
    ) async throws {
        let known = ["number": ticket.number, "title": ticket.title]
        try await notifications.tell(
            [ticket.requester.id], template, known.merging(values) { _, given in given }, scope: ticket.scope,
            key: "ticket:\(ticket.id):\(key)")
    }

    private func tell(
        _ users: [UUID], of ticket: Ticket, _ template: String, _ subject: String, _ body: String, key: String
    ) async throws {
        try await notifications.tell(users) { reader in
            Notice(
                .support, subject: String(subject.unicodeScalars.prefix(255)), body: body, template: template,
                scope: ticket.scope, dedupeKey: "ticket:\(ticket.id):\(key):\(reader.userID)")
        }
    }
}
