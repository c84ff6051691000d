import Postgres
import Service
import Values

extension TicketQueries {
    /// One of each statement, for the test that prepares them against a migrated database.
    static var samples: [StatementSample] {
        let now = Instant.distantPast
        let state = TicketState.opened(at: now, dueAt: now)
        let new = NewTicket(
            id: .new(), scope: .platform, place: nil, requester: .zero, isAnonymous: false, category: .new(), title: "a",
            description: "a", priority: .low, tags: [], source: "user", fileIDs: [], state: state)
        let comment = NewComment(
            id: .new(), ticket: .new(), author: .zero, side: .staff, text: "a", isInternal: false, fileIDs: [.zero])
        let revision = TicketRevision(title: "a", description: "a", priority: .low, category: .new(), tags: [], dueAt: nil)
        let path = [Scope("condo", .zero)]
        return [
            StatementSample("personal", personal(.zero)), StatementSample("ticket's requester, locked", lockRequester(.zero)),
            StatementSample("assignment, locked", lockAssignment(in: .platform)),
            StatementSample("number", nextNumber("TKT", year: 2026)),
            StatementSample("new ticket", insert(new, number: "a", at: now)),
            StatementSample("moved ticket", save(state, of: .new(), at: now)),
            StatementSample("changed ticket", change(.new(), revision, at: now)),
            StatementSample("rated ticket", rate(.new(), 5, feedback: nil, at: now)),
            StatementSample("deleted ticket", delete(.new(), at: now)),
            StatementSample("new comment", insert(comment, at: now)),
            StatementSample("new event", insert(NewTicketEvent(ticket: .new(), kind: .created), at: now)),
            StatementSample("least busy", leastBusy(of: [.zero])),
            StatementSample("staff of the platform", staff(of: [.zero], roles: ["a"], on: [])),
            StatementSample("staff of a path", staff(of: [.zero], roles: ["a"], on: path)),
            StatementSample("holders", holders(of: ["a"], on: path)),
        ] + reads(now)
    }

    private static func reads(_ now: Instant) -> [StatementSample] {
        let filter = TicketFilter(
            scopeType: "a", scopeID: .zero, status: .new, priority: .low, categoryID: .new(), assigneeID: .zero,
            placeID: .zero, requesterID: .zero, overdue: true, from: .first, to: .first, q: "a")
        let scope = TicketScope.specimen
        let selection = TicketSelection(scope: scope, filter: filter, now: now)
        let body = NewTicketBody(
            scopeType: "platform", scopeID: nil, placeID: nil, category: nil, title: "a", description: "a", priority: .low,
            isAnonymous: false, requesterID: nil, fileIDs: [])
        let profile = TicketProfile.platform { _, _ in [] }
        return [
            StatementSample("ticket", ticket(.new())), StatementSample("ticket, locked", lock(.new())),
            StatementSample("same ticket", same(as: body, by: .zero, since: now)),
            StatementSample("ticket counts", counts(selection)),
            StatementSample("tickets of a file", stretch(selection, before: .new(), limit: 1)),
            StatementSample("tickets of a file, counted", count(selection, upTo: 1)),
            StatementSample("comments", comments(of: .new(), inside: false, before: .new(), limit: 1)),
            StatementSample("comment", comment(.new())),
            StatementSample("place of a comment", place(ofComment: .new())),
            StatementSample("events", events(of: .new(), inside: false, limit: 1)),
            StatementSample("a person", person(.zero)), StatementSample("late tickets", overdue(profile, at: now, limit: 1)),
            StatementSample("waiting tickets", standing(in: .waiting, of: .platform, before: now, limit: 1)),
            StatementSample("resolved tickets", standing(in: .resolved, of: .platform, before: now, limit: 1)),
            StatementSample("ticket totals", totals(selection)), StatementSample("ticket groups", groups(selection)),
        ] + sortable.flatMap { sort in
            let name = sort.hasPrefix("-") ? String(sort.dropFirst()) : sort
            return [false, true].map { isDescending in
                StatementSample(
                    "tickets by \(name) \(isDescending)", page(selection, PageRequest(sort: name, isDescending: isDescending)))
            }
        }
    }
}

extension TicketScope {
    /// Of somebody who sees his own alone.
    static var specimen: TicketScope { TicketScope(user: .zero, condition: "t.requester_id = \(UUID.zero)", isStaff: "false", isEntitled: "false") }

    private init(user: UUID, condition: SQL, isStaff: SQL, isEntitled: SQL) {
        self.user = user
        self.condition = condition
        self.isStaff = isStaff
        self.isEntitled = isEntitled
    }
}
