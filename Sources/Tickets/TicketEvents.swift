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
    /// Whoever of them is signed in hears of it at once: requester and assignee, of what staff tell each other the latter alone.
    private let hearers: Set<UUID>

    init(_ ticket: Ticket, isInternal: Bool = false) {
        number = ticket.number
        scope = ticket.scope
        status = ticket.state.status
        priority = ticket.priority
        requester = ticket.isAnonymous ? nil : ticket.requester.id
        assignee = ticket.assignee?.id
        self.isInternal = isInternal
        hearers = Set([isInternal ? nil : ticket.requester.id, ticket.assignee?.id].compactMap { $0 })
    }

    static let shape = Shape<TicketNews>(
        output: "TicketNews",
        Field("ticketNumber", { $0.number }), Field("status", { $0.status }), Field("priority", { $0.priority }),
        Field("requesterId", { $0.requester }), Field("assigneeId", { $0.assignee }),
        Field("isInternal", { $0.isInternal }))

    func event(_ name: String, of id: ID<Ticket>) -> Event {
        Event(name, "ticket", id.uuid, in: scope, data: JSONText(encoding: self))
    }

    /// The rooms that are told of it.
    var rooms: [String] { hearers.map { "user:\($0)" } + [Self.room] }

    /// Of whoever decides about all tickets.
    static let room = "tickets"
}

/// What sockets hear of a ticket.
struct ToldTicket: WireOutput {
    let event: String
    let id: ID<Ticket>
    let news: TicketNews

    /// What is said is told under another name than what is done.
    var name: String { event == "ticket.commented" ? "ticket:comment" : "ticket:updated" }

    static let shape = Shape<ToldTicket>(
        output: "ToldTicket",
        Field("event", { $0.event }), Field("id", { $0.id }), Field("ticket", { $0.news }))
}
