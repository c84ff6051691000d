import JSON
import Postgres
import Service
import Values

/// What somebody wants done, from the day he says so.
package struct Ticket: Sendable {
    package let id: ID<Ticket>
    package let createdAt: Instant
    package let updatedAt: Instant
    /// `TKT-2026-00001`
    package let number: String
    /// Where its staff work: a condo, a tenant, the platform.
    package let scope: Scope
    /// What it is about, within the scope: a unit.
    package let place: Scope?
    package let requester: TicketPerson
    package let isAnonymous: Bool
    package let category: TicketCategoryRef
    package let title: String
    package let description: String
    package let priority: TicketPriority
    package let assignee: TicketPerson?
    package let state: TicketState
    package let tags: [String]
    /// From where it came: `user`, `staff`, or what a product says.
    package let source: String
    package let rating: Int?
    package let feedback: String?
    package let fileIDs: [UUID]
}

/// Somebody as others see him.
package struct TicketPerson: Sendable {
    package let id: UUID
    package let name: String
}

/// The category of a ticket, with its names by language.
package struct TicketCategoryRef: Sendable {
    package let id: ID<TicketCategory>
    package let code: String
    package let names: JSONText
}

extension Ticket: Row {
    /// The columns of `TicketQueries.columns`, in that order.
    package init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        number = try row.next()
        scope = Scope(ScopeType(try row.next()), try row.next())
        let placeType: String? = try row.next()
        let placeID: UUID? = try row.next()
        place = placeType.map { Scope(ScopeType($0), placeID) }
        requester = TicketPerson(id: try row.next(), name: try row.next())
        isAnonymous = try row.next()
        category = TicketCategoryRef(id: try row.next(), code: try row.next(), names: try row.next())
        title = try row.next()
        description = try row.next()
        priority = try row.next()
        let assigneeID: UUID? = try row.next()
        let assigneeName: String? = try row.next()
        assignee = assigneeID.map { TicketPerson(id: $0, name: assigneeName ?? "") }
        state = TicketState(
            status: try row.next(), assignee: assigneeID, assignedAt: try row.next(), isAutoAssigned: try row.next(),
            movedAt: try row.next(), dueAt: try row.next(), firstResponseAt: try row.next(),
            breachedAt: try row.next(), resolution: try row.next(), resolvedAt: try row.next(),
            closedAt: try row.next(), reopenedCount: try row.next())
        tags = try row.next()
        source = try row.next()
        rating = try row.next()
        feedback = try row.next()
        fileIDs = try row.next()
    }
}
