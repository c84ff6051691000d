import Postgres
import Service
import Values

/// The statements of houses.
enum BuildingQueries {
    /// In the order in which `Building` reads them; of `buildings b join condos k`.
    private static var columns: SQL {
        """
        b.id, b.created_at, b.updated_at, b.condo_id, k.company_id, b.number, b.street_address, b.floor_count,
        b.entrance_count, b.units_count
        """
    }

    static func one(_ id: ID<Building>, for own: Coverage) -> Statement<Seen<Building>> {
        Statement(
            """
            select array(select u.id from condo.units u where u.condo_id = k.id and u.id = any(\(own.units))),
              array[k.id], k.company_id, \(columns)
            from condo.buildings b join condo.condos k on k.id = b.condo_id
            where b.id = \(id) and b.deleted_at is null
            """)
    }

    static func lock(_ id: ID<Building>) -> Statement<Building> {
        Statement(
            """
            select \(columns) from condo.buildings b join condo.condos k on k.id = b.condo_id
            where b.id = \(id) and b.deleted_at is null for update of b
            """)
    }

    /// Index buildings_number.
    static func list(_ condo: ID<Condo>, _ page: PageRequest) -> Statement<Counted<Building>> {
        let order: SQL = page.isDescending ? "b.number desc" : "b.number"
        return Statement(
            """
            select count(*) over (), \(columns) from condo.buildings b join condo.condos k on k.id = b.condo_id
            where b.condo_id = \(condo) and b.deleted_at is null
            order by \(order), b.id limit \(page.limit) offset \(page.offset)
            """)
    }

    /// All houses of a condo, by number.
    static func all(of condo: ID<Condo>) -> Statement<Building> {
        Statement(
            """
            select \(columns) from condo.buildings b join condo.condos k on k.id = b.condo_id
            where b.condo_id = \(condo) and b.deleted_at is null order by b.number, b.id
            """)
    }

    static func count(_ condo: ID<Condo>) -> Statement<Int> {
        Statement("select count(*) from condo.buildings where condo_id = \(condo) and deleted_at is null")
    }

    static func insert(_ building: Building) -> Command {
        Command(
            """
            insert into condo.buildings (id, created_at, updated_at, condo_id, number, street_address, floor_count,
              entrance_count, units_count)
            values (\(building.id), \(building.createdAt), \(building.updatedAt), \(building.condoId), \(building.number),
              \(building.streetAddress), \(building.floorCount), \(building.entranceCount), \(building.unitsCount))
            """)
    }

    static func save(_ building: Building) -> Command {
        Command(
            """
            update condo.buildings set updated_at = \(building.updatedAt), number = \(building.number),
              street_address = \(building.streetAddress), floor_count = \(building.floorCount),
              entrance_count = \(building.entranceCount), units_count = \(building.unitsCount)
            where id = \(building.id)
            """)
    }
}
