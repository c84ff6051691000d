import Postgres
import Service
import Values

extension TicketQueries {
    static func ticket(_ id: ID<Ticket>) -> Statement<Ticket> {
        Statement("select \(columns) from \(tables) where t.id = \(id) and t.deleted_at is null")
    }

    static func lock(_ id: ID<Ticket>) -> Statement<Ticket> {
        Statement("select \(columns) from \(tables) where t.id = \(id) and t.deleted_at is null for update of t")
    }

    /// What the same person has just asked in the same words. Index `tickets_requester`.
    static func same(as new: NewTicketBody, by user: UUID, since: Instant) -> Statement<Ticket> {
        Statement(
            """
            select \(columns) from \(tables)
             where t.requester_id = \(user) and t.created_at > \(since) and t.deleted_at is null
               and t.scope_type = \(new.scope.type.name) and t.scope_id is not distinct from \(new.scope.id)
               and t.title = \(new.title) and t.description = \(new.description)
             order by t.id desc limit 1
            """)
    }

    /// Indexes `tickets_scope`, `tickets_scope_status`, `tickets_requester`, `tickets_assignee`, `tickets_place` by what the
    /// caller may see, `tickets_due_order` by the order, `tickets_search` for words.
    static func page(_ selection: TicketSelection, _ page: PageRequest) -> Statement<SeenTicket> {
        Statement(
            """
            select \(selection.scope.isStaff), \(selection.scope.isEntitled), \(columns) from \(tables)
             where \(selection.condition)
             order by \(order(page)) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func counts(_ selection: TicketSelection) -> Statement<TicketCountRow> {
        Statement(
            """
            select t.status, count(*), count(*) filter (where \(selection.isOverdue))
              from tickets.tickets t where \(selection.condition) group by t.status
            """)
    }

    /// A stretch of a file, the newest first.
    static func stretch(
        _ selection: TicketSelection, before last: ID<Ticket>?, limit: Int
    ) -> Statement<SeenTicket> {
        let beyond: SQL = last.map { "and t.id < \($0)" } ?? ""
        return Statement(
            """
            select \(selection.scope.isStaff), \(selection.scope.isEntitled), \(columns) from \(tables)
             where \(selection.condition) \(beyond) order by t.id desc limit \(limit)
            """, .report)
    }

    static func count(_ selection: TicketSelection, upTo limit: Int) -> Statement<Int> {
        Statement(
            "select count(*) from (select from tickets.tickets t where \(selection.condition) limit \(limit)) s")
    }

    static let sortable = ["-createdAt", "dueAt"]

    private static func order(_ page: PageRequest) -> SQL {
        switch (page.sort, page.isDescending) {
        case ("dueAt", false): "t.due_at, t.id"
        case ("dueAt", true): "t.due_at desc, t.id desc"
        case (_, false): "t.id"
        case (_, true): "t.id desc"
        }
    }

    // MARK: What belongs to one

    private static let commentColumns: SQL = """
        m.id, m.created_at, m.author_id, identity.name_of(u), m.author_side, m.text, m.is_internal, m.file_ids
        """

    /// The newest first. Index `comments_ticket`.
    static func comments(
        of ticket: ID<Ticket>, inside: Bool, before last: ID<TicketComment>?, limit: Int
    ) -> Statement<TicketComment> {
        let open: SQL = inside ? "" : "and not m.is_internal"
        let beyond: SQL = last.map { "and m.id < \($0)" } ?? ""
        return Statement(
            """
            select \(commentColumns) from tickets.comments m join identity.users u on u.id = m.author_id
             where m.ticket_id = \(ticket) \(open) \(beyond) order by m.id desc limit \(limit)
            """)
    }

    static func comment(_ id: ID<TicketComment>) -> Statement<TicketComment> {
        Statement(
            """
            select \(commentColumns) from tickets.comments m join identity.users u on u.id = m.author_id where m.id = \(id)
            """)
    }

    /// Where a comment stands, and for whom.
    static func place(ofComment id: ID<TicketComment>) -> Statement<CommentPlace> {
        Statement("select ticket_id, is_internal from tickets.comments where id = \(id)")
    }

    /// The newest first. Index `events_ticket`.
    static func events(of ticket: ID<Ticket>, inside: Bool, limit: Int) -> Statement<TicketEventRecord> {
        let open: SQL = inside ? "" : "and e.event not in ('breached', 'escalated')"
        return Statement(
            """
            select e.event, e.from_value, e.to_value, e.actor_id,
                   (select identity.name_of(u) from identity.users u where u.id = e.actor_id), e.actor_side, e.note, e.at
              from tickets.events e where e.ticket_id = \(ticket) \(open) order by e.id desc limit \(limit)
            """)
    }

    /// Of the same scope and the last 30 days, those whose titles are most alike: `%` is at least 0.3 by default (manual,
    /// F.35.2). Index `tickets_title_like`.
    static func similar(to ticket: Ticket, since: Instant) -> Statement<SimilarTicket> {
        Statement(
            """
            select t.id, t.number, t.title, t.status, t.resolution from tickets.tickets t
             where t.title % \(ticket.title) and t.scope_type = \(ticket.scope.type.name)
               and t.scope_id is not distinct from \(ticket.scope.id) and t.id <> \(ticket.id) and t.created_at > \(since)
               and t.deleted_at is null
             order by similarity(t.title, \(ticket.title)) desc, t.id desc limit 5
            """)
    }

    /// Whether such a user exists and may be told anything.
    static func person(_ id: UUID) -> Statement<Bool> {
        Statement("select exists (select from identity.users where id = \(id) and status in ('pending', 'active'))")
    }

    // MARK: Jobs

    /// Tickets past their deadlines that nobody has noticed, a bounded number at a time. Index `tickets_due`.
    static func overdue(_ profile: TicketProfile, at now: Instant, limit: Int) -> Statement<Ticket> {
        let unanswered: SQL = profile.measure == .firstResponse ? "and t.first_response_at is null" : ""
        return Statement(
            """
            select \(columns) from \(tables)
             where t.scope_type = \(profile.scopeType.name) and t.due_at < \(now) and t.sla_breached_at is null
               and t.deleted_at is null and t.status in ('new', 'assigned', 'in_progress', 'waiting', 'review') \(unanswered)
             order by t.due_at limit \(limit) for update of t skip locked
            """)
    }

    /// Tickets that have stood in a status since before an instant. Indexes `tickets_resolved_since`,
    /// `tickets_waiting_since`.
    static func standing(
        in status: TicketStatus, of type: ScopeType, before instant: Instant, limit: Int
    ) -> Statement<Ticket> {
        // Literal, so that the partial index fits.
        let standing: SQL = status == .waiting ? "t.status = 'waiting'" : "t.status = 'resolved'"
        return Statement(
            """
            select \(columns) from \(tables)
             where \(standing) and t.scope_type = \(type.name) and t.moved_at <= \(instant) and t.deleted_at is null
             order by t.moved_at limit \(limit) for update of t skip locked
            """)
    }
}
