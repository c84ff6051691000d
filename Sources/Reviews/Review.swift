import Postgres
import Service
import Values

/// What somebody thinks of a subject.
struct Review: Sendable {
    let id: ID<Review>
    let createdAt: Instant
    let updatedAt: Instant
    let subject: Scope
    let basis: Scope?
    let authorID: UUID
    /// First name and initial: as others see him.
    let authorName: String
    let rating: Int
    let title: String?
    let text: String?
    /// It rests on something that has taken place.
    let isVerified: Bool
    let helpfulCount: Int
    let reply: String?
    let repliedAt: Instant?
    let status: ReviewStatus
    let moderationReason: String?
    let fileIDs: [UUID]
}

extension Review: Row {
    /// The columns of `ReviewQueries.columns`, in that order.
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        subject = Scope(ScopeType(try row.next()), try row.next() as UUID)
        let basisType: String? = try row.next()
        let basisID: UUID? = try row.next()
        basis = basisType.map { Scope(ScopeType($0), basisID) }
        authorID = try row.next()
        authorName = try row.next()
        rating = try row.next()
        title = try row.next()
        text = try row.next()
        isVerified = try row.next()
        helpfulCount = try row.next()
        reply = try row.next()
        repliedAt = try row.next()
        status = try row.next()
        moderationReason = try row.next()
        fileIDs = try row.next()
    }
}
