import JSON
import Postgres
import Service
import Values

/// A residential complex.
struct Condo: Sendable {
    let id: ID<Condo>
    let createdAt: Instant
    let updatedAt: Instant
    /// What is written by hand.
    var draft: CondoDraft
    let company: CompanyContact
    let floorCount: Int?
    let unitCount: Int
    /// On the single read only.
    var buildings: [Building]?

    var path: ScopePath { [.condo(id), .company(company.id)] }
}

extension Condo: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        draft = try CondoDraft(&row)
        company = try CompanyContact(id: row.next(), name: row.next(), phone: row.next(), email: row.next())
        floorCount = try row.next()
        unitCount = try row.next()
    }
}

/// A company as its residents reach it.
struct CompanyContact: Sendable {
    var id: ID<Company>
    var name: String
    var phone: String?
    var email: String?
}

/// What stands in a condo, which kind of use it is for.
enum CondoUse: String, WireEnum {
    case residential, commercial, mixed
}
