import Service
import Values

/// A ticket about to be written.
struct NewTicket: Sendable {
    let id: ID<Ticket>
    let scope: Scope
    let place: Scope?
    let requester: UUID
    let isAnonymous: Bool
    let category: ID<TicketCategory>
    let title: String
    let description: String
    var priority: TicketPriority
    var tags: [String]
    let source: String
    let fileIDs: [UUID]
    var state: TicketState
}

/// A comment about to be written.
struct NewComment: Sendable {
    let id: ID<TicketComment>
    let ticket: ID<Ticket>
    let author: UUID
    let side: TicketSide
    let text: String
    let isInternal: Bool
    let fileIDs: [UUID]
}

/// What of a ticket can be changed besides its state.
struct TicketRevision: Sendable {
    var title: String
    var description: String
    var priority: TicketPriority
    var category: ID<TicketCategory>
    var tags: [String]
    var dueAt: Instant?
}
