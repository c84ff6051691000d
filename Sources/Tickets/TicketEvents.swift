import JSON
import Service
import Values

/// What others may hear of a ticket: `ticket.created`, `.assigned`, `.moved`, `.commented`. Neither words nor, of whoever asked
/// without his name, the requester.
struct TicketNews: WireOutput {
    let number: String
    let scope: Scope
    let status: TicketStatus
    let priority: TicketPriority
    let requester: UUID?
    let assignee: UUID?
    /// Of a comment: for staff alone, as must be whoever hears of it.
    let isInternal: Bool

    init(_ ticket: Ticket, isInternal: Bool = false) {
        number = ticket.number
        scope = ticket.scope
        status = ticket.state.status
        priority = ticket.priority
        requester = ticket.isAnonymous ? nil : ticket.requester.id
        assignee = ticket.assignee?.id
        self.isInternal = isInternal
    }

    static let shape = Shape<TicketNews>(
        output: "TicketNews",
        Field("number", { $0.number }), Field("status", { $0.status }), Field("priority", { $0.priority }),
        Field("requesterId", { $0.requester }), Field("assigneeId", { $0.assignee }),
        Field("isInternal", { $0.isInternal }))

    func event(_ name: String, of id: ID<Ticket>) -> Event {
        Event(name, "ticket", id.uuid, in: scope, data: JSONText(encoding: self))
    }
}
