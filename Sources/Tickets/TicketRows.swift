import JSON
import Postgres
import Values

/// What somebody has said on a ticket.
struct TicketComment: Row {
    let id: ID<TicketComment>
    let createdAt: Instant
    let author: TicketPerson
    let side: TicketSide
    let text: String
    /// For staff alone.
    let isInternal: Bool
    let fileIDs: [UUID]

    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        author = TicketPerson(id: try row.next(), name: try row.next())
        side = try row.next()
        text = try row.next()
        isInternal = try row.next()
        fileIDs = try row.next()
    }
}

/// The ticket that a comment stands on.
struct CommentPlace: Row {
    let ticket: ID<Ticket>
    /// For staff alone.
    let isInternal: Bool

    init(_ row: inout RowReader) throws {
        ticket = try row.next()
        isInternal = try row.next()
    }
}

/// What has been done with a ticket.
enum TicketEventKind: String, WireEnum {
    case created, assigned, moved, changed, breached, escalated, rated

    /// Of no concern to the requester.
    var isInternal: Bool { self == .breached || self == .escalated }
}

/// A line of a ticket's history.
struct TicketEventRecord: Row {
    let kind: TicketEventKind
    let from: String?
    let to: String?
    let actor: TicketPerson?
    let side: TicketSide
    let note: String?
    let at: Instant

    init(_ row: inout RowReader) throws {
        kind = try row.next()
        from = try row.next()
        to = try row.next()
        let id: UUID? = try row.next()
        let name: String? = try row.next()
        actor = id.map { TicketPerson(id: $0, name: name ?? "") }
        side = try row.next()
        note = try row.next()
        at = try row.next()
    }
}

/// A line about to be written.
struct NewTicketEvent: Sendable {
    let ticket: ID<Ticket>
    let kind: TicketEventKind
    var from: String?
    var to: String?
    /// Nil for a job.
    var actor: UUID?
    var side = TicketSide.system
    var note: String?
}

struct SimilarTicket: Row {
    let id: ID<Ticket>
    let number: String
    let title: String
    let status: TicketStatus
    let resolution: String?

    init(_ row: inout RowReader) throws {
        id = try row.next()
        number = try row.next()
        title = try row.next()
        status = try row.next()
        resolution = try row.next()
    }
}

struct TicketCountRow: Row {
    let status: TicketStatus
    let count: Int
    let overdue: Int

    init(_ row: inout RowReader) throws {
        status = try row.next()
        count = try row.next()
        overdue = try row.next()
    }
}

extension TicketCounts {
    init(_ rows: [TicketCountRow]) {
        byStatus = Dictionary(rows.map { ($0.status, $0.count) }, uniquingKeysWith: +)
        overdue = rows.reduce(0) { $0 + $1.overdue }
    }
}
