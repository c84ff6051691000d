import Postgres
import Values

/// What a customer thinks of an executor of his order, with what lists say of the order and of both.
struct ClientReview: Sendable {
    let id: Int
    let createdAt: Instant
    let rating: Int
    let comment: String?
    let status: ReviewStatus
    let client: ReviewParty
    let executor: ReviewParty
    let order: ReviewedOrder
    let moderation: ReviewModeration
}

/// Somebody on one side of a review: the customer who wrote it, or the executor whom it is about.
struct ReviewParty: Sendable {
    /// At Telegram.
    let id: Int
    let firstName: String

    /// As lists show it; Telegram knows people without a name.
    var shownName: String { firstName.isEmpty ? "Unknown" : firstName }
}

/// The order that a review rests on, as far as a list shows it.
struct ReviewedOrder: Sendable {
    let id: String
    let category: String
    let description: String
    let city: String
    let contact: String
    /// The reader has a right to the contact: he is the order's customer, or has bought it.
    let isOfReader: Bool
}

/// Who last decided whether a review is seen, and why. Nothing while nobody has.
struct ReviewModeration: Sendable {
    let by: Int?
    let at: Instant?
    let reason: String?
}

extension ClientReview: Row {
    /// The columns of `ClientReviewQueries.columns`, in that order.
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        rating = try row.next()
        comment = try row.next()
        status = try row.next()
        client = ReviewParty(id: try row.next(), firstName: try row.next())
        executor = ReviewParty(id: try row.next(), firstName: try row.next())
        order = ReviewedOrder(
            id: try row.next(), category: try row.next(), description: try row.next(), city: try row.next(),
            contact: try row.next(), isOfReader: try row.next())
        moderation = ReviewModeration(by: try row.next(), at: try row.next(), reason: try row.next())
    }
}
