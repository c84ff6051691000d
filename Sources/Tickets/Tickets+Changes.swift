import Postgres
import Service
import Values

/// What becomes of a ticket.
extension Tickets {
    /// A change of a ticket: as it was, and as its author now sees it.
    struct Changed: Sendable {
        let before: Ticket
        let view: TicketView
    }

    func move(_ id: ID<Ticket>, _ body: MovedTicketBody, by caller: Caller) async throws -> Changed {
        let user = try caller.user()
        return try await database.transaction { _ in
            let (ticket, sight) = try await lock(id, by: caller)
            guard !sight.sides.isEmpty else { throw HouseProblem.forbidden.problem }
            if body.resolution != nil, !sight.isInside { throw HouseProblem.forbidden.problem }
            var state = ticket.state
            try state.move(to: body.status, by: sight.sides, at: clock.now(), under: try await profile(of: ticket))
            if let resolution = body.resolution {
                guard body.status == .resolved || body.status == .closed else {
                    throw InvalidInput(field: "resolution", code: "state", message: "Only with resolved or closed.")
                }
                state.resolution = resolution
            }
            let event = NewTicketEvent(
                ticket: id, kind: .moved, from: ticket.state.status.rawValue, to: state.status.rawValue, actor: user,
                side: sight.side, note: body.note)
            return try await keep(state, of: ticket, [event], for: caller) { moved in
                try await publish("ticket.moved", TicketNews(moved), of: id)
                if state.status == .resolved { try await notices.resolved(moved, by: user) }
            }
        }
    }

    /// Gives the ticket to somebody, to whoever of the fitting staff has the fewest, or to nobody.
    func assign(_ id: ID<Ticket>, _ body: AssignedTicketBody, by caller: Caller) async throws -> Changed {
        let user = try caller.user()
        return try await database.transaction { _ in
            let (ticket, sight) = try await lock(id, by: caller)
            guard sight.isStaff else { throw HouseProblem.forbidden.problem }
            let profile = try await profile(of: ticket)
            let path = try await path(of: ticket)
            var state = ticket.state
            if body.auto {
                guard let chosen = try await leastBusy(ticket.category.code, profile, path, ticket.scope) else {
                    throw TicketProblem.nobodyFits
                }
                try state.assign(chosen, automatically: true, by: sight.sides, at: clock.now(), under: profile)
            } else if let chosen = body.userID.value ?? nil {
                guard try await isStaff(chosen, on: path) else { throw TicketProblem.notStaff.on("userId") }
                try state.assign(chosen, automatically: false, by: sight.sides, at: clock.now(), under: profile)
            } else if state.status != .new {
                try state.move(to: .new, by: sight.sides, at: clock.now(), under: profile)
            }
            let event = NewTicketEvent(
                ticket: id, kind: .assigned, from: ticket.assignee?.id.description, to: state.assignee?.description,
                actor: user, side: .staff)
            return try await keep(state, of: ticket, [event], for: caller) { moved in
                try await publish("ticket.assigned", TicketNews(moved), of: id)
                try await notices.assigned(moved, by: user)
            }
        }
    }

    /// Its author changes his words while it is open; staff classify it.
    func change(_ id: ID<Ticket>, _ body: ChangedTicketBody, by caller: Caller) async throws -> Changed {
        let user = try caller.user()
        return try await database.transaction { _ in
            let (ticket, sight) = try await lock(id, by: caller)
            let mayWrite = sight.isStaff || sight.isRequester && ticket.state.status.isOpen && !body.isClassifying
            guard mayWrite else { throw HouseProblem.forbidden.problem }
            try await caller.checkMatch()
            var revision = TicketRevision(
                title: body.title.value(or: ticket.title), description: body.description.value(or: ticket.description),
                priority: body.priority.value(or: ticket.priority), category: ticket.category.id,
                tags: body.tags.value(or: ticket.tags), dueAt: ticket.state.dueAt)
            let category = try await category(body.categoryID.value ?? ticket.category.id, for: ticket)
            revision.category = category.id
            if revision.priority != ticket.priority || revision.category != ticket.category.id {
                revision.dueAt = try await profile(of: ticket).due(
                    revision.priority, openedAt: ticket.createdAt, categoryHours: category.slaHours)
            }
            let now = clock.now()
            try await database.write([
                TicketQueries.change(id, revision, at: now),
                TicketQueries.insert(
                    NewTicketEvent(ticket: id, kind: .changed, actor: user, side: sight.side), at: now),
            ])
            let changed = try await view(id, for: caller)
            try await tell("ticket.changed", TicketNews(changed.ticket), of: id)
            return Changed(before: ticket, view: changed)
        }
    }

    /// A category that holds in the ticket's scope; its own stays whatever became of it.
    private func category(_ id: ID<TicketCategory>, for ticket: Ticket) async throws -> (id: ID<TicketCategory>, slaHours: Int?) {
        let path = try await path(of: ticket)
        let holding = try await database.all(CategoryQueries.effective(ticket.scope.type, on: path))
        if let category = holding.first(where: { $0.id == id }) { return (category.id, category.slaHours) }
        guard id == ticket.category.id else {
            throw InvalidInput(field: "categoryId", code: "unknown", message: "The scope has no such category.")
        }
        return (id, nil)
    }

    func delete(_ id: ID<Ticket>, by caller: Caller) async throws -> Ticket {
        try await database.transaction { _ in
            let (ticket, _) = try await lock(id, by: caller)
            let path = try await path(of: ticket)
            guard caller.can(.supportManage, on: path) else { throw HouseProblem.forbidden.problem }
            try await caller.checkMatch()
            try await database.execute(TicketQueries.delete(id, at: clock.now()))
            return ticket
        }
    }

    /// The requester's stars: once it is resolved, changed until it is closed, for 30 days at most.
    func rate(_ id: ID<Ticket>, _ body: RatedTicketBody, by caller: Caller) async throws -> TicketView {
        let user = try caller.user()
        return try await database.transaction { _ in
            let (ticket, sight) = try await lock(id, by: caller)
            guard sight.isRequester else { throw HouseProblem.forbidden.problem }
            let now = clock.now()
            guard ticket.mayBeRated(at: now) else { throw TicketProblem.ratingClosed }
            try await database.write([
                TicketQueries.rate(id, body.rating, feedback: body.feedback, at: now),
                TicketQueries.insert(
                    NewTicketEvent(
                        ticket: id, kind: .rated, from: ticket.rating?.description, to: body.rating.description,
                        actor: user, side: .requester), at: now),
            ])
            return try await view(id, for: caller)
        }
    }

    /// Writes what a ticket has come to, with its history, and then tells of it.
    private func keep(
        _ state: TicketState, of ticket: Ticket, _ events: [NewTicketEvent], for caller: Caller,
        _ tell: (Ticket) async throws -> Void
    ) async throws -> Changed {
        let now = clock.now()
        try await database.write(
            [TicketQueries.save(state, of: ticket.id, at: now)] + events.map { TicketQueries.insert($0, at: now) })
        let moved = try await self.ticket(ticket.id)
        try await tell(moved)
        return Changed(before: ticket, view: try await view(ticket.id, for: caller))
    }

    func view(_ id: ID<Ticket>, for caller: Caller) async throws -> TicketView {
        let (ticket, sight) = try await seen(try await database.first(TicketQueries.ticket(id)), by: caller)
        return TicketView(ticket: ticket, sight: sight)
    }
}

extension Ticket {
    func mayBeRated(at now: Instant) -> Bool {
        switch state.status {
        case .resolved: state.resolvedAt.map { now < $0 + .days(30) } ?? false
        case .closed: rating == nil && (state.closedAt.map { now < $0 + .days(30) } ?? false)
        case .new, .assigned, .inProgress, .waiting, .review, .cancelled: false
        }
    }
}
