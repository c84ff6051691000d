import Postgres
import Service
import Values

/// The statements of meter types.
enum MeterTypeQueries {
    /// In the order in which `MeterType` reads them; of `meter_types t`.
    private static var columns: SQL {
        """
        t.id, t.created_at, t.updated_at, t.company_id, t.condo_id, t.code, t.name, t.description, t.unit, t.icon,
        t.zones, t.max_monthly_increase
        """
    }

    static func one(_ id: ID<MeterType>) -> Statement<MeterType> {
        Statement("select \(columns) from condo.meter_types t where t.id = \(id) and t.deleted_at is null")
    }

    static func lock(_ id: ID<MeterType>) -> Statement<MeterType> {
        Statement("select \(columns) from condo.meter_types t where t.id = \(id) and t.deleted_at is null for update")
    }

    /// The system's types, and those of the condo and its company, or of all that the caller covers.
    static func list(condo: ID<Condo>?, within own: Coverage, _ page: PageRequest) -> Statement<Counted<MeterType>> {
        Statement(
            """
            select count(*) over (), \(columns) from condo.meter_types t where \(visible(condo, own))
            order by t.company_id nulls first, t.condo_id nulls first, t.code, t.id
            limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(condo: ID<Condo>?, within own: Coverage) -> Statement<Int> {
        Statement("select count(*) from condo.meter_types t where \(visible(condo, own))")
    }

    private static func visible(_ condo: ID<Condo>?, _ own: Coverage) -> SQL {
        let narrowed: SQL = condo.map { "and k.id = \($0)" } ?? .empty
        return """
            t.deleted_at is null and (t.company_id is null and t.condo_id is null or exists (
              select from condo.condos k where (k.id = t.condo_id or k.company_id = t.company_id)
                and k.deleted_at is null and \(own.ofCondos) \(narrowed)))
            """
    }

    /// The condo's own type of that code, else its company's, else the system's.
    static func named(_ code: String, for unit: ID<Unit>) -> Statement<MeterType> {
        Statement(
            """
            select \(columns) from condo.units u join condo.meter_types t on t.code = \(code) and t.deleted_at is null
              and (t.condo_id = u.condo_id or t.condo_id is null and (t.company_id = u.company_id or t.company_id is null))
            where u.id = \(unit) order by t.condo_id nulls last, t.company_id nulls last limit 1
            """)
    }

    static func insert(_ type: MeterType) -> Command {
        Command(
            """
            insert into condo.meter_types (id, created_at, updated_at, company_id, condo_id, code, name, description, unit,
              icon, zones, max_monthly_increase)
            values (\(type.id), \(type.createdAt), \(type.updatedAt), \(type.companyId), \(type.condoId), \(type.code),
              \(type.name), \(type.description), \(type.unit), \(type.icon), \(type.zones), \(type.maxMonthlyIncrease))
            """)
    }

    static func save(_ type: MeterType) -> Command {
        Command(
            """
            update condo.meter_types set updated_at = \(type.updatedAt), name = \(type.name),
              description = \(type.description), unit = \(type.unit), icon = \(type.icon),
              max_monthly_increase = \(type.maxMonthlyIncrease)
            where id = \(type.id)
            """)
    }

    /// Untouched when a live meter is of this type.
    static func delete(_ id: ID<MeterType>, at moment: Instant) -> Command {
        Command(
            """
            update condo.meter_types t set deleted_at = \(moment), updated_at = \(moment) where t.id = \(id)
              and not exists (select from condo.meters m where m.meter_type_id = t.id and m.deleted_at is null)
            """)
    }
}
