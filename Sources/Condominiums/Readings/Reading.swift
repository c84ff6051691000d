import Postgres
import Service
import Values

/// What a meter showed on a day.
struct Reading: Sendable {
    var id: ID<Reading>
    var createdAt: Instant
    var updatedAt: Instant
    var meterId: ID<Meter>
    var unit: NumberRef<Unit>
    var condoId: ID<Condo>
    var companyId: ID<Company>
    var meterType: MeterTypeRef
    var userId: UUID?
    var value: Quantity
    var zoneValues: ZoneValues?
    var consumption: Quantity
    var readingDate: Day
    var source: ReadingSource
    var isVerified: Bool
    var verifiedBy: UUID?
    var verifiedAt: Instant?
    var isForced: Bool
    var notes: String?

    var path: ScopePath { [.unit(unit.id), .condo(condoId), .company(companyId)] }
}

extension Reading: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        meterId = try row.next()
        unit = try NumberRef(id: row.next(), number: row.next())
        condoId = try row.next()
        companyId = try row.next()
        meterType = try MeterTypeRef(code: row.next(), name: row.next(), unit: row.next())
        userId = try row.next()
        value = try row.next()
        zoneValues = try row.next()
        consumption = try row.next()
        readingDate = try row.next()
        source = try row.next()
        isVerified = try row.next()
        verifiedBy = try row.next()
        verifiedAt = try row.next()
        isForced = try row.next()
        notes = try row.next()
    }
}
