import Postgres
import Service
import Values

/// What is said on a ticket, and how it is read.
extension Tickets {
    private static let shown = 100

    func comment(_ id: ID<Ticket>, _ body: NewCommentBody, by caller: Caller) async throws -> CommentView {
        let user = try caller.user()
        return try await database.transaction { _ in
            let (ticket, sight) = try await lock(id, by: caller)
            if body.isInternal, !sight.isInside { throw HouseProblem.forbidden.problem }
            if ticket.state.closedAt != nil { throw TicketProblem.ticketClosed }
            let comment = NewComment(
                id: .new(), ticket: id, author: user, side: try await side(of: ticket, sight, caller), text: body.text,
                isInternal: body.isInternal, fileIDs: body.fileIDs)
            let now = clock.now()
            try await database.execute(TicketQueries.insert(comment, at: now))
            try await attach(body.fileIDs, to: Self.ofComment, comment.id.uuid, of: user)
            let isMoved = try await answer(ticket, comment, at: now)
            let news = TicketNews(ticket, isInternal: body.isInternal)
            try await publish("ticket.commented", news, of: id)
            if isMoved { try await publish("ticket.moved", TicketNews(try await self.ticket(id)), of: id) }
            try await notices.commented(ticket, comment)
            return CommentView(
                try await database.one(TicketQueries.comment(comment.id)), of: TicketView(ticket: ticket, sight: sight))
        }
    }

    /// A requester speaks for himself and so do those of his household; whoever reads all tickets speaks for the staff.
    private func side(of ticket: Ticket, _ sight: TicketSight, _ caller: Caller) async throws -> TicketSide {
        if sight.isRequester && !sight.isStaff { return .requester }
        if sight.isInside { return .staff }
        return caller.can(.supportRead, on: try await path(of: ticket)) ? .staff : .requester
    }

    /// A public word of staff is an answer; one of the requester brings a ticket back that waited for him.
    ///
    /// - Returns: whether it has moved.
    private func answer(_ ticket: Ticket, _ comment: NewComment, at now: Instant) async throws -> Bool {
        if comment.isInternal { return false }
        let profile = try await profile(of: ticket)
        var state = ticket.state
        var commands: [Command] = []
        if comment.side == .staff {
            state.respond(at: now, under: profile)
        } else if state.status == .waiting {
            try state.move(to: .inProgress, by: [.requester], at: now, under: profile)
            commands.append(
                TicketQueries.insert(
                    NewTicketEvent(
                        ticket: ticket.id, kind: .moved, from: ticket.state.status.rawValue, to: state.status.rawValue,
                        actor: comment.author, side: .requester), at: now))
        }
        guard state != ticket.state else { return false }
        try await database.write([TicketQueries.save(state, of: ticket.id, at: now)] + commands)
        return state.status != ticket.state.status
    }

    func comments(_ id: ID<Ticket>, _ request: CursorRequest, for caller: Caller) async throws -> Feed<CommentView> {
        let view = try await view(id, for: caller)
        let last = try request.cursor.map { text in
            guard let last = ID<TicketComment>(text) else {
                throw InvalidInput(field: "cursor", code: "invalid", message: "Use a cursor of an earlier answer.")
            }
            return last
        }
        let rows = try await database.all(
            TicketQueries.comments(of: id, inside: view.sight.isInside, before: last, limit: request.limit + 1))
        return Feed(fetched: rows.map { CommentView($0, of: view) }, limit: request.limit) { $0.comment.id.description }
    }

    func detail(_ id: ID<Ticket>, for caller: Caller) async throws -> TicketDetail {
        let view = try await view(id, for: caller)
        let inside = view.sight.isInside
        let comments = try await database.all(
            TicketQueries.comments(of: id, inside: inside, before: nil, limit: Self.shown))
        let events = try await database.all(TicketQueries.events(of: id, inside: inside, limit: Self.shown))
        var detail = TicketDetail(
            view: view, comments: comments.reversed().map { CommentView($0, of: view) },
            events: events.reversed().map { TicketEventView($0, of: view) }, similar: [], suggestions: [])
        guard view.sight.isStaff else { return detail }
        let ticket = view.ticket
        let rules = try await database.all(RuleQueries.applying(on: try await path(of: ticket)))
        detail = TicketDetail(
            view: view, comments: detail.comments, events: detail.events,
            similar: try await database.all(TicketQueries.similar(to: ticket, since: clock.now() - .days(30))),
            suggestions: RuleOutcome.replies(
                rules, title: ticket.title, description: ticket.description, category: ticket.category.code))
        return detail
    }
}
