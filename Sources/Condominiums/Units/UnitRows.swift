import JSON
import Postgres
import Values

/// What somebody looks for in one condo, by how the number begins.
struct PrefixSearch: Sendable {
    let text: TextSearch
    let condo: ID<Condo>
    let own: Coverage
}

/// The condo in which somebody looked, or a unit that was found in it.
struct PrefixRow: Row {
    let condoName: String?
    let id: ID<Unit>?
    let number: String?
    let building: NumberRef<Building>?
    let residents: Int?

    init(_ row: inout RowReader) throws {
        condoName = try row.next()
        id = try row.next()
        number = try row.next()
        building = try NumberRef(id: row.next(), number: row.next())
        residents = try row.next()
    }
}

/// A hit of the search.
struct FoundUnit: Sendable {
    var id: ID<Unit>
    var number: String
    var building: NumberRef<Building>?
    var condo: CondoRef
    var status: Occupancy
}

/// A condo as others name it.
struct CondoRef: Sendable {
    var id: ID<Condo>
    var name: String
}

extension FoundUnit {
    /// Nil for the row of the condo.
    init?(_ row: PrefixRow, in condo: CondoRef) {
        guard let id = row.id, let number = row.number, let residents = row.residents else { return nil }
        self.init(
            id: id, number: number, building: row.building, condo: condo, status: Occupancy(residents: residents))
    }
}

extension FoundUnit: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        number = try row.next()
        building = try NumberRef(id: row.next(), number: row.next())
        condo = try CondoRef(id: row.next(), name: row.next())
        status = try Occupancy(residents: row.next())
    }
}

/// Whether what a draft names belongs to the condo.
struct UnitFit: Row {
    let isBuilding: Bool
    let isEntrance: Bool
    let isType: Bool

    init(_ row: inout RowReader) throws {
        isBuilding = try row.next()
        isEntrance = try row.next()
        isType = try row.next()
    }
}
