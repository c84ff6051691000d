import Postgres
import Service
import Values

/// An entrance of a house.
struct Entrance: Sendable {
    var id: ID<Entrance>
    var createdAt: Instant
    var updatedAt: Instant
    var buildingId: ID<Building>
    var condoId: ID<Condo>
    var companyId: ID<Company>
    var number: String
    var floorCount: Int?
    var unitsCount: Int?
    /// For the team and those who live at this entrance.
    var intercomCode: String?
    /// Whether it is for whoever reads; else it is absent.
    var showsIntercom = true
}

extension Entrance: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        buildingId = try row.next()
        condoId = try row.next()
        companyId = try row.next()
        number = try row.next()
        floorCount = try row.next()
        unitsCount = try row.next()
        intercomCode = try row.next()
    }
}

/// An entrance, and whether the caller lives there.
struct EntranceAtHome: Row {
    let isHome: Bool
    let entrance: Entrance

    init(_ row: inout RowReader) throws {
        isHome = try row.next()
        entrance = try Entrance(&row)
    }
}
