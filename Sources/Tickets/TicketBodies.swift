import JSON
import Service
import Values

/// A new ticket.
struct NewTicketBody: Shaped {
    let scopeType: String
    let scopeID: UUID?
    let placeID: UUID?
    let category: String?
    let title: String
    let description: String
    let priority: TicketPriority
    let isAnonymous: Bool
    let requesterID: UUID?
    let fileIDs: [UUID]

    static let shape = Shape<NewTicketBody>(
        "NewTicket", Self.init,
        Field(
            "scopeType", { $0.scopeType }, .length(1...40), .example("platform"), default: { "platform" },
            doc: "Whose staff it is for: platform, condo"),
        Field("scopeId", { $0.scopeID }, doc: "Of the condo; none for the platform"),
        Field("placeId", { $0.placeID }, doc: "What it is about: a unit. A resident's only one is filled in"),
        Field("category", { $0.category }, .length(1...50), doc: "The code of a category of the scope; else the usual one"),
        Field("title", { $0.title }, .length(1...255)),
        Field("description", { $0.description }, .length(1...10_000), .multiline),
        Field("priority", { $0.priority }, default: { .medium }),
        Field("isAnonymous", { $0.isAnonymous }, default: { false }, doc: "Staff do not learn who asked"),
        Field("requesterId", { $0.requesterID }, doc: "For staff who open it for somebody else"),
        Field("fileIds", { $0.fileIDs }, .count(0...10), .distinct(), default: { [] }, doc: ticketFilesDoc),
        check: { body in
            (body.scopeType == "platform") == (body.scopeID == nil)
                ? [] : [FieldError(field: "scopeId", code: "required", message: "Name the scope; the platform has no id.")]
        })

    var scope: Scope { Scope(ScopeType(scopeType), scopeID) }
}

/// What may change: its author its words while it is open, staff all of it.
struct ChangedTicketBody: Shaped {
    let title: Patch<String>
    let description: Patch<String>
    let priority: Patch<TicketPriority>
    let categoryID: Patch<ID<TicketCategory>>
    let tags: Patch<[String]>

    static let shape = Shape<ChangedTicketBody>(
        "ChangedTicket", Self.init,
        Field("title", { $0.title }, .length(1...255)),
        Field("description", { $0.description }, .length(1...10_000), .multiline),
        Field("priority", { $0.priority }, doc: "Staff: the deadline follows it"),
        Field("categoryId", { $0.categoryID }, doc: "Staff"),
        Field("tags", { $0.tags }, .count(0...20), .each(.length(1...50)), .distinct(), doc: "Staff"))

    /// Touches what only staff change.
    var isClassifying: Bool { priority.isPresent || categoryID.isPresent || tags.isPresent }
}

struct MovedTicketBody: Shaped {
    let status: TicketStatus
    let note: String?
    let resolution: String?

    static let shape = Shape<MovedTicketBody>(
        "MovedTicket", Self.init,
        Field("status", { $0.status }),
        Field("note", { $0.note }, .length(1...1000), .multiline, doc: "Stands in the history, which the requester reads"),
        Field("resolution", { $0.resolution }, .length(1...5000), .multiline, doc: "With resolved or closed"))
}

/// Who is to do it: one of `userId`, with null for nobody, and `auto`.
struct AssignedTicketBody: Shaped {
    let userID: Patch<UUID?>
    let auto: Bool

    static let shape = Shape<AssignedTicketBody>(
        "AssignedTicket", Self.init,
        Field("userId", { $0.userID }, doc: "Staff of the scope; null takes it away"),
        Field("auto", { $0.auto }, default: { false }, doc: "Whoever of the fitting staff has the fewest open tickets"),
        example: ["userId"],
        check: { body in
            body.userID.isPresent != body.auto
                ? [] : [FieldError(field: "userId", code: "required", message: "Give userId or auto, not both.")]
        })
}

struct NewCommentBody: Shaped {
    let text: String
    let isInternal: Bool
    let fileIDs: [UUID]

    static let shape = Shape<NewCommentBody>(
        "NewTicketComment", Self.init,
        Field("text", { $0.text }, .length(1...5000), .multiline),
        Field("isInternal", { $0.isInternal }, default: { false }, doc: "For staff alone"),
        Field("fileIds", { $0.fileIDs }, .count(0...10), .distinct(), default: { [] }, doc: ticketFilesDoc))
}

struct RatedTicketBody: Shaped {
    let rating: Int
    let feedback: String?

    static let shape = Shape<RatedTicketBody>(
        "RatedTicket", Self.init,
        Field("rating", { $0.rating }, .range(1...5)),
        Field("feedback", { $0.feedback }, .length(1...1000), .multiline))
}

/// The filters of a list.
struct TicketFilter: Shaped {
    var scopeType: String?
    var scopeID: UUID?
    var status: TicketStatus?
    var priority: TicketPriority?
    var categoryID: ID<TicketCategory>?
    var assigneeID: UUID?
    var placeID: UUID?
    var requesterID: UUID?
    var overdue: Bool?
    var from: Day?
    var to: Day?
    var q: String?

    static let shape = Shape<TicketFilter>(
        "TicketFilter", Self.init,
        Field("scopeType", { $0.scopeType }, .length(1...40)),
        Field("scopeId", { $0.scopeID }),
        Field("status", { $0.status }),
        Field("priority", { $0.priority }),
        Field("categoryId", { $0.categoryID }),
        Field("assigneeId", { $0.assigneeID }),
        Field("placeId", { $0.placeID }),
        Field("requesterId", { $0.requesterID }, doc: "Finds no tickets of those who asked without their names"),
        Field("overdue", { $0.overdue }, doc: "Open, and past the deadline"),
        Field("from", { $0.from }, doc: "Opened on or after, by UTC"),
        Field("to", { $0.to }, doc: "Opened on or before, by UTC"),
        Field("q", { $0.q }, .length(1...100), doc: "Words of number, title and description"),
        check: { filter in
            guard let from = filter.from, let to = filter.to, to < from || to.days(since: from) > 1100 else { return [] }
            return [FieldError(field: "to", code: "range", message: "Not before from, and 1100 days at most.")]
        })
}

/// The same of tickets and of comments.
private let ticketFilesDoc = "Own files, uploaded with the purpose ticket_attachment"
