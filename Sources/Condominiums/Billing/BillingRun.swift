import JSON
import Postgres
import Service
import Values

/// One generation of a condo's invoices for a month: queued → running → done or failed.
struct BillingRun: Sendable {
    var id: ID<BillingRun>
    var createdAt: Instant
    var condoId: ID<Condo>
    var companyId: ID<Company>
    var period: Period
    /// Nil: all live, active units.
    var unitIds: [ID<Unit>]?
    var startedBy: UUID?
    var status: BillingRunStatus
    var units: Int
    var created: Int
    var skipped: Int
    var total: Money
    var problems: JSONText
    var finishedAt: Instant?

    var path: ScopePath { [.condo(condoId), .company(companyId)] }
}

extension BillingRun: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        condoId = try row.next()
        companyId = try row.next()
        period = try row.next()
        unitIds = try row.next()
        startedBy = try row.next()
        status = try row.next()
        units = try row.next()
        created = try row.next()
        skipped = try row.next()
        total = try Money(minor: row.next(), currency: row.next())
        problems = try row.next()
        finishedAt = try row.next()
    }
}
