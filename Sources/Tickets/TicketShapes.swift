import JSON
import Service
import Values

/// A ticket as one caller sees it: who asked without his name has none for others, and what staff note down is theirs.
struct TicketView: WireOutput {
    let ticket: Ticket
    let sight: TicketSight

    private var showsName: Bool { !ticket.isAnonymous || sight.isRequester || sight.isEntitledToNames }
    var requester: TicketPerson? { showsName ? ticket.requester : nil }
    /// A home tells who lives in it.
    var place: Scope? { showsName ? ticket.place : nil }
    private var showsRating: Bool { sight.isRequester || sight.isInside }

    static let shape = Shape<TicketView>(
        output: "Ticket",
        Field("id", { $0.ticket.id }), Field("ticketNumber", { $0.ticket.number }),
        Field("scope", { ScopeView($0.ticket.scope) }),
        Field("place", { $0.place.map(ScopeView.init) }, doc: "What it is about: a unit of the condo"),
        Field("category", { $0.ticket.category }), Field("title", { $0.ticket.title }),
        Field("description", { $0.ticket.description }), Field("fileIds", { $0.ticket.fileIDs }),
        Field("priority", { $0.ticket.priority }),
        Field("status", { $0.ticket.state.status }),
        Field("requester", { $0.requester }, doc: "Null for whoever may not know who asked without his name"),
        Field("isAnonymous", { $0.ticket.isAnonymous }), Field("assignee", { $0.ticket.assignee }),
        Field("autoAssigned", { $0.ticket.state.isAutoAssigned }),
        Field("tags", { $0.ticket.tags }, when: { $0.sight.isInside }, doc: "For staff"),
        Field("source", { $0.ticket.source }), Field("dueAt", { $0.ticket.state.dueAt }),
        Field("firstResponseAt", { $0.ticket.state.firstResponseAt }),
        Field("slaBreachedAt", { $0.ticket.state.breachedAt }, when: { $0.sight.isInside }, doc: "For staff"),
        Field("resolution", { $0.ticket.state.resolution }), Field("resolvedAt", { $0.ticket.state.resolvedAt }),
        Field("closedAt", { $0.ticket.state.closedAt }), Field("reopenedCount", { $0.ticket.state.reopenedCount }),
        Field("rating", { $0.ticket.rating }, when: { $0.showsRating }, doc: "For the requester, the assignee and staff"),
        Field("feedback", { $0.ticket.feedback }, when: { $0.showsRating }),
        Field("createdAt", { $0.ticket.createdAt }), Field("updatedAt", { $0.ticket.updatedAt }))
}

/// One ticket with what was said and done, and for staff what may help them.
struct TicketDetail: WireOutput {
    let view: TicketView
    let comments: [CommentView]
    let events: [TicketEventView]
    let similar: [SimilarTicket]
    let suggestions: [String]

    static let shape = Shape<TicketDetail>(
        output: "TicketDetail",
        Field("ticket", { $0.view }),
        Field("comments", { $0.comments }, doc: "The newest 100, the oldest of them first; those of staff alone for staff"),
        Field("events", { $0.events }, doc: "The newest 100, the oldest of them first"),
        Field("similar", { $0.similar }, doc: "For staff: at most 5 of the last 30 days whose titles are alike"),
        Field("suggestions", { $0.suggestions }, doc: "For staff: what rules propose to reply"))
}

/// A scope in an answer.
struct ScopeView: WireOutput {
    let type: String
    let id: UUID?

    init(_ scope: Scope) {
        type = scope.type.name
        id = scope.id
    }

    static let shape = Shape<ScopeView>(
        output: "TicketScope", Field("type", { $0.type }), Field("id", { $0.id }, doc: "Null for the platform"))
}

extension TicketPerson: WireOutput {
    package static let shape = Shape<TicketPerson>(
        output: "TicketPerson", Field("id", { $0.id }), Field("name", { $0.name }))
}

extension TicketCategoryRef: WireOutput {
    package static let shape = Shape<TicketCategoryRef>(
        output: "TicketCategoryRef",
        Field("id", { $0.id }), Field("code", { $0.code }), Field("names", { $0.names }, doc: "By language"))
}

/// What was said, as one caller sees it.
struct CommentView: WireOutput {
    let comment: TicketComment
    /// Nil for who asked without his name.
    let author: TicketPerson?

    init(_ comment: TicketComment, of ticket: TicketView) {
        self.comment = comment
        let isHidden = comment.author.id == ticket.ticket.requester.id && ticket.requester == nil
        author = isHidden ? nil : comment.author
    }

    static let shape = Shape<CommentView>(
        output: "TicketComment",
        Field("id", { $0.comment.id }), Field("author", { $0.author }), Field("authorSide", { $0.comment.side }),
        Field("text", { $0.comment.text }), Field("isInternal", { $0.comment.isInternal }),
        Field("fileIds", { $0.comment.fileIDs }),
        Field("createdAt", { $0.comment.createdAt }))
}

/// What was done, as one caller sees it.
struct TicketEventView: WireOutput {
    let event: TicketEventRecord
    let actor: TicketPerson?

    init(_ event: TicketEventRecord, of ticket: TicketView) {
        self.event = event
        let isHidden = event.actor?.id == ticket.ticket.requester.id && ticket.requester == nil
        actor = isHidden ? nil : event.actor
    }

    static let shape = Shape<TicketEventView>(
        output: "TicketEvent",
        Field("event", { $0.event.kind }), Field("from", { $0.event.from }), Field("to", { $0.event.to }),
        Field("actor", { $0.actor }), Field("actorSide", { $0.event.side }), Field("note", { $0.event.note }),
        Field("at", { $0.event.at }))
}

extension SimilarTicket: WireOutput {
    static let shape = Shape<SimilarTicket>(
        output: "SimilarTicket",
        Field("id", { $0.id }), Field("ticketNumber", { $0.number }), Field("title", { $0.title }),
        Field("status", { $0.status }), Field("resolution", { $0.resolution }))
}

/// How many tickets of a list stand where.
struct TicketCounts: WireOutput {
    let byStatus: [TicketStatus: Int]
    let overdue: Int

    private func count(_ status: TicketStatus) -> Int { byStatus[status] ?? 0 }

    var total: Int { byStatus.values.reduce(0, +) }

    static let shape = Shape<TicketCounts>(
        output: "TicketCounts",
        Field("new", { $0.count(.new) }), Field("assigned", { $0.count(.assigned) }),
        Field("inProgress", { $0.count(.inProgress) }), Field("waiting", { $0.count(.waiting) }),
        Field("review", { $0.count(.review) }), Field("resolved", { $0.count(.resolved) }),
        Field("closed", { $0.count(.closed) }), Field("cancelled", { $0.count(.cancelled) }),
        Field("overdue", { $0.overdue }, doc: "Open, and past their deadlines"))
}
