import Postgres
import Service
import Values

/// The statements of units.
enum UnitQueries {
    /// In the order in which `Unit` reads them; of `units u`.
    private static var columns: SQL { columns(household: "null::jsonb") }

    private static func columns(household: SQL) -> SQL {
        """
        u.id, u.created_at, u.updated_at, u.condo_id, u.company_id, u.building_id, u.building_number, u.entrance_id,
        u.entrance_number, u.unit_type_id, u.type_code, u.type_name, u.number, u.floor, u.area, u.area_living, u.rooms,
        u.cadastral_number, u.owner_name, u.owner_email, u.owner_phone, u.is_rented, u.is_active, u.resident_count,
        \(household)
        """
    }

    /// Look-ups by primary key: the household stands in the unit's row.
    static func each(_ ids: [ID<Unit>]) -> Statement<Placed<Unit>> {
        Statement(
            """
            select g.place, \(columns(household: "u.household"))
            from unnest(\(ids)) with ordinality g(id, place) join condo.units u on u.id = g.id and u.deleted_at is null
            """)
    }

    static func plain(_ id: ID<Unit>) -> Statement<Unit> {
        Statement("select \(columns) from condo.units u where u.id = \(id) and u.deleted_at is null")
    }

    /// Not `for update`: readings of the unit refer to its key, and must not wait for whoever changes the rest of it.
    static func lock(_ id: ID<Unit>) -> Statement<Unit> {
        Statement("select \(columns) from condo.units u where u.id = \(id) and u.deleted_at is null for no key update")
    }

    /// Before the rows of those who live in them.
    static func lock(_ ids: [ID<Unit>]) -> Statement<ID<Unit>> {
        Statement(
            """
            select u.id from condo.units u where u.id = any(\(ids)) and u.deleted_at is null order by u.id for no key update
            """)
    }

    /// For what is added to the unit: it waits for who has locked the unit, and who ends the unit waits for it.
    static func hold(_ id: ID<Unit>) -> Statement<ID<Unit>> {
        Statement("select u.id from condo.units u where u.id = \(id) and u.deleted_at is null for share")
    }

    /// Index units_by_prefix alone: a range of bytes in the order of the answer, so the first twenty end the scan.
    /// Whether the caller's right covers the whole condo is decided once a search (`offset 0` keeps it there), not once a
    /// unit; and the condo's name comes once, in a row before its units.
    static func each(_ searches: [PrefixSearch]) -> Statement<Placed<PrefixRow>> {
        Statement(
            """
            select g.place, found.*
            from unnest(\(each: searches, \.condo)::uuid[], \(each: searches, \.text.lower)::text[],
                \(each: searches, \.text.upper)::text[], \(each: searches, \.own.isEverything)::boolean[],
                \(each: searches, \.own.companies)::text[], \(each: searches, \.own.condos)::text[],
                \(each: searches, \.own.units)::text[])
              with ordinality g(condo, lower, upper, everything, companies, condos, units, place),
              lateral (
                select k.name, g.everything or k.company_id = any(g.companies::uuid[])
                  or k.id = any(g.condos::uuid[]) as is_covered
                from condo.condos k where k.id = g.condo and k.deleted_at is null offset 0) k,
              lateral (
                select k.name, null::uuid as id, null as number, null::uuid as building_id, null as building_number,
                  null::integer as resident_count
                union all (
                  select null, u.id, u.number, u.building_id, u.building_number, u.resident_count from condo.units u
                  where u.condo_id = g.condo and u.deleted_at is null
                    and (k.is_covered or u.id = any(g.units::uuid[]))
                    and u.number_key >= g.lower and u.number_key < g.upper
                  order by u.number_key limit 20)) found
            """)
    }

    /// The same for one search whose condition does not fit into a row: of somebody who is denied something in the condo.
    static func one(_ search: PrefixSearch) -> Statement<FoundUnit> {
        Statement(
            """
            select u.id, u.number, u.building_id, u.building_number, k.id, k.name, u.resident_count
            from condo.units u join condo.condos k on k.id = u.condo_id
            where u.condo_id = \(search.condo) and u.deleted_at is null and k.deleted_at is null and \(search.own.ofUnits)
              and u.number_key >= \(search.text.lower) and u.number_key < \(search.text.upper)
            order by u.number_key limit 20
            """)
    }

    /// Index units_search (trigrams): anywhere in the number or, for those who may read them, the owner's name.
    static func search(
        _ text: TextSearch, in condo: ID<Condo>?, within own: Coverage, owners: Coverage
    ) -> Statement<FoundUnit> {
        let narrowed: SQL = condo.map { "and u.condo_id = \($0)" } ?? .empty
        return Statement(
            """
            select u.id, u.number, u.building_id, u.building_number, k.id, k.name, u.resident_count
            from condo.units u join condo.condos k on k.id = u.condo_id
            where u.deleted_at is null and \(own.ofUnits) \(narrowed)
              and (u.number ilike \(text.pattern) or u.owner_name ilike \(text.pattern) and \(owners.ofUnits))
            order by u.number, u.id limit 20
            """)
    }

    /// Everything in a condo, by number: for its structure. Index units_in_order.
    static func all(of condo: ID<Condo>) -> Statement<Unit> {
        Statement(
            "select \(columns) from condo.units u where u.condo_id = \(condo) and u.deleted_at is null order by u.number, u.id",
            .report)
    }

    /// Of one condo by the index of its order: units_in_order, units_by_type, units_by_floor, units_by_area, units_by_age.
    static func list(
        _ filter: UnitFilter, within own: Coverage, owners: Coverage, _ page: PageRequest
    ) -> Statement<Unit> {
        Statement(
            """
            select \(columns) from condo.units u
            where \(matching(filter, own, owners)) order by \(order(page))
            limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: UnitFilter, within own: Coverage, owners: Coverage) -> Statement<Int> {
        Statement("select count(*) from condo.units u where \(matching(filter, own, owners))")
    }

    private static func matching(_ filter: UnitFilter, _ own: Coverage, _ owners: Coverage) -> SQL {
        let condo: SQL = filter.condoId.map { "and u.condo_id = \($0)" } ?? .empty
        let building: SQL = filter.buildingId.map { "and u.building_id = \($0)" } ?? .empty
        let entrance: SQL = filter.entranceId.map { "and u.entrance_id = \($0)" } ?? .empty
        let type: SQL = filter.typeCode.map { "and u.type_code = \($0)" } ?? .empty
        let status: SQL = switch filter.status {
        case .occupied?: "and u.resident_count > 0"
        case .vacant?: "and u.resident_count = 0"
        case nil: .empty
        }
        let text: SQL = TextSearch(filter.q).map {
            "and (u.number ilike \($0.pattern) or u.owner_name ilike \($0.pattern) and \(owners.ofUnits))"
        } ?? .empty
        return "u.deleted_at is null and \(own.ofUnits) \(condo) \(building) \(entrance) \(type) \(status) \(text)"
    }

    private static func order(_ page: PageRequest) -> SQL {
        switch (page.sort, page.isDescending) {
        case ("type", false): "u.type_code, u.id"
        case ("type", true): "u.type_code desc, u.id desc"
        case ("floor", false): "u.floor, u.id"
        case ("floor", true): "u.floor desc, u.id desc"
        case ("area", false): "u.area, u.id"
        case ("area", true): "u.area desc, u.id desc"
        case ("createdAt", false): "u.created_at, u.id"
        case ("createdAt", true): "u.created_at desc, u.id desc"
        case (_, false): "u.number, u.id"
        case (_, true): "u.number desc, u.id desc"
        }
    }

    /// The labels and the company are taken from where they stand; a house or entrance of another condo leaves its
    /// number null, which the table's checks refuse.
    static func insert(_ id: ID<Unit>, _ draft: UnitDraft, in condo: ID<Condo>) -> Command {
        Command(
            """
            insert into condo.units (id, condo_id, company_id, building_id, building_number, entrance_id, entrance_number,
              unit_type_id, type_code, type_name, number, floor, area, area_living, rooms, cadastral_number,
              owner_name, owner_email, owner_phone, is_rented, is_active)
            select \(id), k.id, k.company_id, b.id, b.number, e.id, e.number, t.id, t.code, t.name, \(draft.number),
              \(draft.floor), \(draft.area), \(draft.areaLiving), \(draft.rooms), \(draft.cadastralNumber),
              \(draft.ownerName), \(draft.ownerEmail), \(draft.ownerPhone), \(draft.isRented), \(draft.isActive)
            from \(places(draft)) where k.id = \(condo)
            """)
    }

    static func save(_ id: ID<Unit>, _ draft: UnitDraft, in condo: ID<Condo>) -> Command {
        Command(
            """
            update condo.units u set updated_at = now(), building_id = b.id, building_number = b.number,
              entrance_id = e.id, entrance_number = e.number, unit_type_id = t.id, type_code = t.code,
              type_name = t.name, number = \(draft.number), floor = \(draft.floor), area = \(draft.area),
              area_living = \(draft.areaLiving), rooms = \(draft.rooms), cadastral_number = \(draft.cadastralNumber),
              owner_name = \(draft.ownerName), owner_email = \(draft.ownerEmail), owner_phone = \(draft.ownerPhone),
              is_rented = \(draft.isRented), is_active = \(draft.isActive)
            from \(places(draft)) where k.id = \(condo) and u.id = \(id)
            """)
    }

    /// House, entrance and type of a draft stay until the unit is there, each before the unit; those that have ended or are
    /// another condo's are refused by `fit`.
    static func holdPlaces(_ draft: UnitDraft, in condo: ID<Condo>) -> [Command] {
        [
            Command("select from condo.buildings b where b.id = \(draft.buildingId) for key share"),
            Command("select from condo.entrances e where e.id = \(draft.entranceId) for key share"),
            Command(
                """
                select from condo.unit_types t where t.code = \(draft.typeCode)
                  and (t.condo_id is null or t.condo_id = \(condo)) order by t.id for key share
                """),
        ]
    }

    /// Whether house, entrance and type of a draft belong to the condo.
    static func fit(_ draft: UnitDraft, in condo: ID<Condo>) -> Statement<UnitFit> {
        Statement(
            """
            select \(draft.buildingId) is null or b.id is not null, \(draft.entranceId) is null or e.id is not null,
              t.id is not null
            from condo.condos k
            left join condo.buildings b on b.id = \(draft.buildingId) and b.condo_id = k.id and b.deleted_at is null
            left join condo.entrances e on e.id = \(draft.entranceId) and e.building_id = b.id and e.deleted_at is null
            left join condo.unit_types t on t.id = \(type(draft)) and t.deleted_at is null
            where k.id = \(condo)
            """)
    }

    private static func places(_ draft: UnitDraft) -> SQL {
        """
        condo.condos k
        join condo.unit_types t on t.id = \(type(draft)) and t.deleted_at is null
        left join condo.buildings b on b.id = \(draft.buildingId) and b.condo_id = k.id and b.deleted_at is null
        left join condo.entrances e on e.id = \(draft.entranceId) and e.building_id = b.id and e.deleted_at is null
        """
    }

    /// The condo's own type of that code, or the system's.
    private static func type(_ draft: UnitDraft) -> SQL {
        """
        (select x.id from condo.unit_types x where x.code = \(draft.typeCode) and x.deleted_at is null
          and (x.condo_id is null or x.condo_id = k.id) order by x.condo_id nulls last limit 1)
        """
    }

    static func delete(_ id: ID<Unit>) -> Command {
        Command("update condo.units set deleted_at = now(), updated_at = now() where id = \(id)")
    }
}
