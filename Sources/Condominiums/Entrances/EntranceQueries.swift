import Postgres
import Service
import Values

/// The statements of entrances.
enum EntranceQueries {
    /// In the order in which `Entrance` reads them; of `tables`.
    private static var columns: SQL {
        """
        e.id, e.created_at, e.updated_at, e.building_id, k.id, k.company_id, e.number, e.floor_count, e.units_count,
        e.intercom_code
        """
    }

    private static var tables: SQL {
        "condo.entrances e join condo.buildings b on b.id = e.building_id join condo.condos k on k.id = b.condo_id"
    }

    private static func isHome(_ own: Coverage) -> SQL {
        "exists (select from condo.units u where u.entrance_id = e.id and u.id = any(\(own.units)))"
    }

    static func one(_ id: ID<Entrance>, for own: Coverage) -> Statement<Seen<EntranceAtHome>> {
        Statement(
            """
            select array(select u.id from condo.units u where u.condo_id = k.id and u.id = any(\(own.units))),
              array[k.id], k.company_id, \(isHome(own)), \(columns)
            from \(tables) where e.id = \(id) and e.deleted_at is null
            """)
    }

    static func lock(_ id: ID<Entrance>) -> Statement<Entrance> {
        Statement("select \(columns) from \(tables) where e.id = \(id) and e.deleted_at is null for update of e")
    }

    /// Index entrances_number.
    static func list(
        _ building: ID<Building>, for own: Coverage, _ page: PageRequest
    ) -> Statement<Counted<EntranceAtHome>> {
        let order: SQL = page.isDescending ? "e.number desc" : "e.number"
        return Statement(
            """
            select count(*) over (), \(isHome(own)), \(columns) from \(tables)
            where e.building_id = \(building) and e.deleted_at is null
            order by \(order), e.id limit \(page.limit) offset \(page.offset)
            """)
    }

    /// All entrances of a condo, by number.
    static func all(of condo: ID<Condo>) -> Statement<Entrance> {
        Statement(
            """
            select \(columns) from \(tables) where b.condo_id = \(condo) and e.deleted_at is null
            order by e.number, e.id
            """)
    }

    static func count(_ building: ID<Building>) -> Statement<Int> {
        Statement("select count(*) from condo.entrances where building_id = \(building) and deleted_at is null")
    }

    static func insert(_ entrance: Entrance) -> Command {
        Command(
            """
            insert into condo.entrances (id, created_at, updated_at, building_id, number, floor_count, units_count,
              intercom_code)
            values (\(entrance.id), \(entrance.createdAt), \(entrance.updatedAt), \(entrance.buildingId),
              \(entrance.number), \(entrance.floorCount), \(entrance.unitsCount), \(entrance.intercomCode))
            """)
    }

    static func save(_ entrance: Entrance) -> Command {
        Command(
            """
            update condo.entrances set updated_at = \(entrance.updatedAt), number = \(entrance.number),
              floor_count = \(entrance.floorCount), units_count = \(entrance.unitsCount),
              intercom_code = \(entrance.intercomCode)
            where id = \(entrance.id)
            """)
    }
}
