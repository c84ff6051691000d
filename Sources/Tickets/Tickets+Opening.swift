import Postgres
import Service
import Values

/// How a ticket comes to be.
extension Tickets {
    /// Opens a ticket: rules, deadline, number and assignee in one transaction.
    ///
    /// - Returns: the ticket, and whether it is new: the same words of the same person within a minute are the same ticket.
    func open(_ body: NewTicketBody, by caller: Caller) async throws -> (ticket: Ticket, isNew: Bool) {
        let user = try caller.user()
        guard let profile = try await profiles.effective(body.scope.type, database) else { throw unknownType }
        let path = try await scopes.path(of: body.scope)
        guard body.scope == .platform || !path.isEmpty else { throw HouseProblem.notFound.problem }
        let place = try await place(body, profile, path, caller)
        try caller.decidedByOwnership(on: path)
        let requester = try await requester(body, user, path, caller)
        guard let category = try await database.first(
            CategoryQueries.effective(body.scope.type, on: path, code: body.category ?? profile.defaultCategory))
        else {
            throw InvalidInput(field: "category", code: "choice", message: "The scope has no such category.")
        }
        return try await database.transaction { _ in
            _ = try await database.first(TicketQueries.lockRequester(requester))
            let now = clock.now()
            let minuteAgo = now - .seconds(60)
            if let same = try await database.first(TicketQueries.same(as: body, by: requester, since: minuteAgo)) {
                return (same, false)
            }
            let source = requester == user ? "user" : "staff"
            var new = NewTicket(
                id: .new(), scope: body.scope, place: place, requester: requester, isAnonymous: body.isAnonymous,
                category: category.id, title: body.title, description: body.description, priority: body.priority, tags: [],
                source: source, fileIDs: body.fileIDs, state: .opened(at: now, dueAt: nil))
            let wanted = try await applyRules(to: &new, category: category.code, on: path)
            new.state.dueAt = profile.due(new.priority, openedAt: now, categoryHours: category.slaHours)
            if let assignee = try await assignee(wanted, category, profile, path, body.scope) {
                try new.state.assign(assignee, automatically: true, by: [.staff], at: now, under: profile)
            }
            try await attach(body.fileIDs, to: Self.ofTicket, new.id.uuid, of: user)
            return (try await write(new, profile, by: user, at: now), true)
        }
    }

    /// What it is about. Staff may name anything in the scope; whoever has a right at a place below it names that place, and
    /// his only one is understood. 404 without either.
    private func place(
        _ body: NewTicketBody, _ profile: TicketProfile, _ path: ScopePath, _ caller: Caller
    ) async throws -> Scope? {
        if path.isEmpty {
            if body.placeID != nil { throw placeUnknown }
            return nil
        }
        let named = profile.placeType.flatMap { type in body.placeID.map { Scope(type, $0) } }
        if body.placeID != nil, named == nil { throw placeUnknown }
        if caller.can(.supportCreate, on: path) {
            guard let named else { return nil }
            guard try await scopes.path(of: named).contains(path[0]) else { throw placeUnknown }
            return named
        }
        let own = try await places(of: caller, below: path)
        guard let only = own.first else { throw HouseProblem.notFound.problem }
        if let named {
            guard own.contains(named) else { throw placeUnknown }
            return named
        }
        guard own.count == 1 else {
            throw InvalidInput(field: "placeId", code: "required", message: "You have several places here; name one.")
        }
        // Where nobody is to know who asked, his home would tell.
        return body.isAnonymous ? nil : only
    }

    private var placeUnknown: InvalidInput {
        InvalidInput(field: "placeId", code: "unknown", message: "There is no such place in the scope.")
    }

    /// In whose name: one's own, or as staff in somebody else's.
    private func requester(
        _ body: NewTicketBody, _ user: UUID, _ path: ScopePath, _ caller: Caller
    ) async throws -> UUID {
        guard let other = body.requesterID, other != user else { return user }
        guard caller.can(.supportUpdate, on: path) else { throw HouseProblem.forbidden.problem }
        guard try await database.one(TicketQueries.person(other)) else {
            throw InvalidInput(field: "requesterId", code: "unknown", message: "There is no such user.")
        }
        return other
    }

    /// - Returns: who is to have it, if a rule says so.
    private func applyRules(to new: inout NewTicket, category: String, on path: ScopePath) async throws -> UUID? {
        let rules = try await database.all(RuleQueries.applying(on: path))
        let outcome = RuleOutcome(
            rules, of: [.assign, .prioritise, .tag], title: new.title, description: new.description, category: category,
            priority: new.priority)
        new.priority = outcome.priority
        new.tags = outcome.tags
        if !outcome.applied.isEmpty { try await database.execute(RuleQueries.ran(outcome.applied)) }
        return outcome.assignee
    }

    /// The one whom a rule names, while he is staff; else whoever of the fitting staff has the fewest open tickets. The lock
    /// holds until the transaction ends, so that the next ticket sees this one.
    private func assignee(
        _ wanted: UUID?, _ category: TicketCategory, _ profile: TicketProfile, _ path: ScopePath, _ scope: Scope
    ) async throws -> UUID? {
        if let wanted, try await isStaff(wanted, on: path) { return wanted }
        guard category.autoAssign else { return nil }
        return try await leastBusy(category.code, profile, path, scope)
    }

    /// Inside a transaction.
    func leastBusy(
        _ category: String, _ profile: TicketProfile, _ path: ScopePath, _ scope: Scope
    ) async throws -> UUID? {
        let fitting = try await staff(of: try await profile.candidates(scope.id, category), on: path)
        if fitting.isEmpty { return nil }
        _ = try await database.first(TicketQueries.lockAssignment(in: scope))
        return try await database.first(TicketQueries.leastBusy(of: fitting))
    }

    private func write(
        _ new: NewTicket, _ profile: TicketProfile, by user: UUID, at now: Instant
    ) async throws -> Ticket {
        // Last of what is locked: every new ticket of the series waits for this row.
        let year = Int("\(now)".prefix(4)) ?? 0
        let value = try await database.one(TicketQueries.nextNumber(profile.series, year: profile.isYearly ? year : 0))
        var commands = [TicketQueries.insert(new, number: profile.number(value, year: year), at: now)]
        let side: TicketSide = new.requester == user ? .requester : .staff
        commands.append(
            TicketQueries.insert(NewTicketEvent(ticket: new.id, kind: .created, actor: user, side: side), at: now))
        if let assignee = new.state.assignee {
            commands.append(
                TicketQueries.insert(
                    NewTicketEvent(ticket: new.id, kind: .assigned, to: assignee.description), at: now))
        }
        try await database.write(commands)
        let ticket = try await ticket(new.id)
        try await publish("ticket.created", TicketNews(ticket), of: new.id)
        if side == .staff { try await notices.opened(ticket) }
        if new.state.assignee != nil {
            try await publish("ticket.assigned", TicketNews(ticket), of: new.id)
            try await notices.assigned(ticket, by: user)
        }
        return ticket
    }
}
