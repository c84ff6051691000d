import Postgres
import Values

/// What a unit is: the system's types, and those a condo adds.
struct UnitType: Sendable {
    var id: ID<UnitType>
    var createdAt: Instant
    var updatedAt: Instant
    var condoId: ID<Condo>?
    var code: String
    var name: String

    var isSystem: Bool { condoId == nil }
}

extension UnitType: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        condoId = try row.next()
        code = try row.next()
        name = try row.next()
    }
}
