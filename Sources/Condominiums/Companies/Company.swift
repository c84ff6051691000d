import Postgres
import Service
import Values

/// A management company: the top of the scope chain, whose currency, language and time zone its condos share.
struct Company: Sendable {
    let id: ID<Company>
    let createdAt: Instant
    let updatedAt: Instant
    /// What is written by hand.
    var draft: CompanyDraft
    let blockedAt: Instant?
    let blockedReason: String?
    let condoCount: Int

    var path: ScopePath { [.company(id)] }
}

extension Company: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        draft = try CompanyDraft(&row)
        blockedAt = try row.next()
        blockedReason = try row.next()
        condoCount = try row.next()
    }
}
