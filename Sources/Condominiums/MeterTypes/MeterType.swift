import Postgres
import Values

/// A kind of meter: the system's, a company's, or a condo's own.
struct MeterType: Sendable {
    var id: ID<MeterType>
    var createdAt: Instant
    var updatedAt: Instant
    var companyId: ID<Company>?
    var condoId: ID<Condo>?
    var code: String
    var name: String
    var description: String?
    var unit: String
    var icon: String?
    var zones: [String]
    var maxMonthlyIncrease: Quantity?

    var isSystem: Bool { companyId == nil && condoId == nil }
}

extension MeterType: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        companyId = try row.next()
        condoId = try row.next()
        code = try row.next()
        name = try row.next()
        description = try row.next()
        unit = try row.next()
        icon = try row.next()
        zones = try row.next()
        maxMonthlyIncrease = try row.next()
    }
}

/// A kind of meter as a reading shows it.
struct MeterTypeRef: Sendable {
    var code: String
    var name: String
    var unit: String
}
