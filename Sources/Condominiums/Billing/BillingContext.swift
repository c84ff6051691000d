import JSON
import Postgres
import Values

/// What all units of a condo share in a month's generation.
struct BillingContext: Row {
    let condo: ID<Condo>
    let company: ID<Company>
    let currency: Currency
    let timeZone: String
    let usesDefaults: Bool
    let isActive: Bool
    let today: Day
    /// What an invoice prints of the company and the condo.
    let snapshot: JSONText

    init(_ row: inout RowReader) throws {
        condo = try row.next()
        company = try row.next()
        currency = try row.next()
        timeZone = try row.next()
        usesDefaults = try row.next()
        isActive = try row.next()
        today = try row.next()
        snapshot = try row.next()
    }
}
