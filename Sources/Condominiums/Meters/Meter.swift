import Postgres
import Service
import Values

/// A meter of a unit.
struct Meter: Sendable {
    var id: ID<Meter>
    var createdAt: Instant
    var updatedAt: Instant
    var unitId: ID<Unit>
    var condoId: ID<Condo>
    var companyId: ID<Company>
    var type: MeterKind
    var serialNumber: String?
    var installationDate: Day?
    var lastVerificationDate: Day?
    var nextVerificationDate: Day?
    var initialReading: Quantity
    var initialZoneValues: ZoneValues?
    var lastReading: Quantity?
    var lastReadingDate: Day?
    var isActive: Bool

    var path: ScopePath { [.unit(unitId), .condo(condoId), .company(companyId)] }
}

/// A meter's type as the meter shows it.
struct MeterKind: Sendable {
    var id: ID<MeterType>
    var code: String
    var name: String
    var unit: String
    var zones: [String]
    var icon: String?
}

extension Meter: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        unitId = try row.next()
        condoId = try row.next()
        companyId = try row.next()
        type = try MeterKind(
            id: row.next(), code: row.next(), name: row.next(), unit: row.next(), zones: row.next(), icon: row.next())
        serialNumber = try row.next()
        installationDate = try row.next()
        lastVerificationDate = try row.next()
        nextVerificationDate = try row.next()
        initialReading = try row.next()
        initialZoneValues = try row.next()
        lastReading = try row.next()
        lastReadingDate = try row.next()
        isActive = try row.next()
    }
}
