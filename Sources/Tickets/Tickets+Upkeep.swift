import Postgres
import Service
import Values

/// What time does to tickets: 0-platform, 5.2. Each step is bounded and a transaction of its own, and two instances at once
/// pass over what the other has in hand.
extension Tickets {
    private static let step = 50

    /// Notes missed deadlines and tells of each once.
    func escalate() async throws {
        for profile in try await profiles.effective(database) {
            while try await escalateSome(profile) == Self.step {}
        }
    }

    private func escalateSome(_ profile: TicketProfile) async throws -> Int {
        try await database.transaction { _ in
            let now = clock.now()
            let late = try await database.all(TicketQueries.overdue(profile, at: now, limit: Self.step))
            for ticket in late { try await escalate(ticket, profile, at: now) }
            return late.count
        }
    }

    private func escalate(_ ticket: Ticket, _ profile: TicketProfile, at now: Instant) async throws {
        let path = try await path(of: ticket)
        let rules = try await database.all(RuleQueries.applying(on: path))
        let outcome = RuleOutcome(
            rules, of: [.escalate], title: ticket.title, description: ticket.description, category: ticket.category.code,
            priority: ticket.priority)
        var state = ticket.state
        state.breachedAt = now
        var assignee: UUID?
        if let wanted = outcome.assignee, wanted != state.assignee, try await isStaff(wanted, on: path) { assignee = wanted }
        // Where the policy lets nobody take it now, the managers hear of it all the same.
        if let wanted = assignee,
            (try? state.assign(wanted, automatically: true, by: [.staff], at: now, under: profile)) == nil
        { assignee = nil }
        var commands = [
            TicketQueries.save(state, of: ticket.id, at: now),
            TicketQueries.insert(NewTicketEvent(ticket: ticket.id, kind: .breached), at: now),
        ]
        if outcome.priority != ticket.priority {
            let revision = TicketRevision(
                title: ticket.title, description: ticket.description, priority: outcome.priority,
                category: ticket.category.id, tags: ticket.tags, dueAt: ticket.state.dueAt)
            commands.append(TicketQueries.change(ticket.id, revision, at: now))
        }
        if !outcome.applied.isEmpty {
            commands.append(RuleQueries.ran(outcome.applied))
            commands.append(
                TicketQueries.insert(
                    NewTicketEvent(
                        ticket: ticket.id, kind: .escalated, from: ticket.priority.rawValue,
                        to: outcome.priority.rawValue), at: now))
        }
        try await database.write(commands)
        let escalated = try await self.ticket(ticket.id)
        if assignee != nil {
            try await publish("ticket.assigned", TicketNews(escalated), of: ticket.id)
            try await notices.assigned(escalated, by: nil)
        }
        let managers = try await database.all(TicketQueries.holders(of: profile.managerRoles, on: path))
        try await notices.breached(escalated, managers: managers)
    }

    /// Closes what has been resolved long enough, and counts as resolved what has waited too long.
    func closeStanding() async throws {
        for profile in try await profiles.effective(database) {
            let closing = clock.now() - .hours(profile.autoCloseHours)
            while try await moveStanding(.resolved, to: .closed, before: closing, profile) == Self.step {}
            guard let days = profile.waitingDays else { continue }
            let waiting = clock.now() - .days(days)
            while try await moveStanding(.waiting, to: .resolved, before: waiting, profile) == Self.step {}
        }
    }

    private func moveStanding(
        _ from: TicketStatus, to next: TicketStatus, before instant: Instant, _ profile: TicketProfile
    ) async throws -> Int {
        try await database.transaction { _ in
            let now = clock.now()
            let standing = try await database.all(
                TicketQueries.standing(in: from, of: profile.scopeType, before: instant, limit: Self.step))
            for ticket in standing {
                var state = ticket.state
                try state.move(to: next, by: [.system], at: now, under: profile)
                try await database.write([
                    TicketQueries.save(state, of: ticket.id, at: now),
                    TicketQueries.insert(
                        NewTicketEvent(
                            ticket: ticket.id, kind: .moved, from: from.rawValue, to: next.rawValue), at: now),
                ])
                let moved = try await self.ticket(ticket.id)
                try await publish("ticket.moved", TicketNews(moved), of: ticket.id)
                if next == .resolved { try await notices.resolved(moved, by: nil) }
            }
            return standing.count
        }
    }
}
