import Postgres
import Values

/// What an executor says of the customer of an order whose contact he has bought. It moves no money by itself.
struct Complaint: Sendable {
    let id: Int
    let createdAt: Instant
    let order: ComplainedOrder
    let executor: ReviewParty
    let client: ReviewParty
    let reason: ComplaintReason
    let comment: String?
    let status: ComplaintStatus
    let resolution: ComplaintResolution
}

/// The order that a complaint is about, as staff see it beside the complaint.
struct ComplainedOrder: Sendable {
    let id: String
    let category: String
    let city: String
    let description: String
    /// Effective, as of the database's clock.
    let status: OrderStatus
}

/// How a complaint ended; nothing while it is open.
struct ComplaintResolution: Sendable {
    let note: String?
    let isRefunded: Bool
    let by: Int?
    let at: Instant?
}

extension Complaint: Row {
    /// The columns of `ComplaintQueries.columns`, in that order.
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        order = ComplainedOrder(
            id: try row.next(), category: try row.next(), city: try row.next(), description: try row.next(),
            status: try row.next())
        executor = ReviewParty(id: try row.next(), firstName: try row.next())
        client = ReviewParty(id: try row.next(), firstName: try row.next())
        reason = try row.next()
        comment = try row.next()
        status = try row.next()
        resolution = ComplaintResolution(
            note: try row.next(), isRefunded: try row.next(), by: try row.next(), at: try row.next())
    }
}
