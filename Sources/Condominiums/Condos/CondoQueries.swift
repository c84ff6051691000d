import Postgres
import Service
import Values

/// The statements of condos.
enum CondoQueries {
    /// In the order in which `Condo` reads them; of `condos k join companies c`.
    private static var columns: SQL {
        """
        k.id, k.created_at, k.updated_at, k.name, k.description, k.address, k.city, k.country, k.postal_code,
        k.building_type, k.built_year, k.total_area, k.total_buildings, k.total_units, k.contact_email, k.contact_phone,
        k.admin_name, k.admin_email, k.timezone, k.use_default_tariffs, k.max_vehicles_per_unit,
        k.temporary_pass_duration_hours, k.is_active, k.image_file_id, c.id, c.name, c.phone, c.email,
        (select max(b.floor_count) from condo.buildings b where b.condo_id = k.id and b.deleted_at is null),
        (select count(*) from condo.units u where u.condo_id = k.id and u.deleted_at is null)
        """
    }

    /// The caller's own units in the condo, the condo and its company: what `Seen` reads first.
    private static func scopes(_ own: Coverage) -> SQL {
        """
        array(select u.id from condo.units u where u.condo_id = k.id and u.id = any(\(own.units))), array[k.id],
        k.company_id
        """
    }

    static func one(_ id: ID<Condo>, for own: Coverage) -> Statement<Seen<Condo>> {
        Statement(
            """
            select \(scopes(own)), \(columns) from condo.condos k join condo.companies c on c.id = k.company_id
            where k.id = \(id) and k.deleted_at is null
            """)
    }

    static func lock(_ id: ID<Condo>) -> Statement<Condo> {
        Statement(
            """
            select \(columns) from condo.condos k join condo.companies c on c.id = k.company_id
            where k.id = \(id) and k.deleted_at is null for update of k
            """)
    }

    /// For what is added to the condo: it waits for who has locked the condo, and who ends the condo waits for it.
    static func hold(_ id: ID<Condo>) -> Statement<ID<Condo>> {
        Statement("select k.id from condo.condos k where k.id = \(id) and k.deleted_at is null for key share")
    }

    static func list(
        _ filter: CondoFilter, within own: Coverage, _ page: PageRequest
    ) -> Statement<Counted<Seen<Condo>>> {
        Statement(
            """
            select count(*) over (), \(scopes(own)), \(columns)
            from condo.condos k join condo.companies c on c.id = k.company_id where \(matching(filter, own))
            order by \(order(page)), k.id limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ filter: CondoFilter, within own: Coverage) -> Statement<Int> {
        Statement("select count(*) from condo.condos k where \(matching(filter, own))")
    }

    private static func matching(_ filter: CondoFilter, _ own: Coverage) -> SQL {
        let company: SQL = filter.companyId.map { "and k.company_id = \($0)" } ?? .empty
        let use: SQL = filter.buildingType.map { "and k.building_type = \($0)" } ?? .empty
        let active: SQL = filter.isActive.map { "and k.is_active = \($0)" } ?? .empty
        let text: SQL = TextSearch(filter.q).map {
            "and (k.name ilike \($0.pattern) or k.address ilike \($0.pattern))"
        } ?? .empty
        return "k.deleted_at is null and \(own.ofCondos) \(company) \(use) \(active) \(text)"
    }

    private static func order(_ page: PageRequest) -> SQL {
        switch (page.sort, page.isDescending) {
        case ("unitCount", false): "(select count(*) from condo.units u where u.condo_id = k.id and u.deleted_at is null)"
        case ("unitCount", true):
            "(select count(*) from condo.units u where u.condo_id = k.id and u.deleted_at is null) desc"
        case ("createdAt", false): "k.created_at"
        case ("createdAt", true): "k.created_at desc"
        case (_, false): "lower(k.name)"
        case (_, true): "lower(k.name) desc"
        }
    }

    static func insert(_ id: ID<Condo>, _ draft: CondoDraft, of company: ID<Company>, at moment: Instant) -> Command {
        Command(
            """
            insert into condo.condos (id, created_at, updated_at, company_id, name, description, address, city, country,
              postal_code, building_type, built_year, total_area, total_buildings, total_units, contact_email,
              contact_phone, admin_name, admin_email, timezone, use_default_tariffs, max_vehicles_per_unit,
              temporary_pass_duration_hours, is_active, image_file_id)
            values (\(id), \(moment), \(moment), \(company), \(draft.name), \(draft.description), \(draft.address),
              \(draft.city), \(draft.country), \(draft.postalCode), \(draft.buildingType), \(draft.builtYear),
              \(draft.totalArea), \(draft.totalBuildings), \(draft.totalUnits), \(draft.contactEmail),
              \(draft.contactPhone), \(draft.adminName), \(draft.adminEmail), \(draft.timezone),
              \(draft.useDefaultTariffs), \(draft.maxVehiclesPerUnit), \(draft.temporaryPassDurationHours),
              \(draft.isActive), \(draft.imageFileId))
            """)
    }

    static func save(_ id: ID<Condo>, _ draft: CondoDraft, at moment: Instant) -> Command {
        Command(
            """
            update condo.condos set updated_at = \(moment), name = \(draft.name), description = \(draft.description),
              address = \(draft.address), city = \(draft.city), country = \(draft.country),
              postal_code = \(draft.postalCode), building_type = \(draft.buildingType),
              built_year = \(draft.builtYear), total_area = \(draft.totalArea),
              total_buildings = \(draft.totalBuildings), total_units = \(draft.totalUnits),
              contact_email = \(draft.contactEmail), contact_phone = \(draft.contactPhone),
              admin_name = \(draft.adminName), admin_email = \(draft.adminEmail), timezone = \(draft.timezone),
              use_default_tariffs = \(draft.useDefaultTariffs), max_vehicles_per_unit = \(draft.maxVehiclesPerUnit),
              temporary_pass_duration_hours = \(draft.temporaryPassDurationHours), is_active = \(draft.isActive),
              image_file_id = \(draft.imageFileId)
            where id = \(id)
            """)
    }
}
