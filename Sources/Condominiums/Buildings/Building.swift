import Postgres
import Service
import Values

/// A house of a condo.
struct Building: Sendable {
    var id: ID<Building>
    var createdAt: Instant
    var updatedAt: Instant
    var condoId: ID<Condo>
    var companyId: ID<Company>
    var number: String
    var streetAddress: String?
    var floorCount: Int?
    var entranceCount: Int?
    var unitsCount: Int?
}

extension Building: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        condoId = try row.next()
        companyId = try row.next()
        number = try row.next()
        streetAddress = try row.next()
        floorCount = try row.next()
        entranceCount = try row.next()
        unitsCount = try row.next()
    }
}
