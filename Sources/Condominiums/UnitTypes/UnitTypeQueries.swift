import Postgres
import Values

/// The statements of unit types.
enum UnitTypeQueries {
    private static var columns: SQL { "t.id, t.created_at, t.updated_at, t.condo_id, t.code, t.name" }

    /// The system's and the condo's own: some ten, so the list has no pages.
    static func list(_ condo: ID<Condo>) -> Statement<UnitType> {
        Statement(
            """
            select \(columns) from condo.unit_types t
            where (t.condo_id is null or t.condo_id = \(condo)) and t.deleted_at is null
            order by t.condo_id nulls first, t.id limit 1000
            """)
    }

    /// One that the condo may use.
    static func lock(_ id: ID<UnitType>, in condo: ID<Condo>) -> Statement<UnitType> {
        Statement(
            """
            select \(columns) from condo.unit_types t
            where t.id = \(id) and (t.condo_id is null or t.condo_id = \(condo)) and t.deleted_at is null for update
            """)
    }

    static func insert(_ type: UnitType) -> Command {
        Command(
            """
            insert into condo.unit_types (id, created_at, updated_at, condo_id, code, name)
            values (\(type.id), \(type.createdAt), \(type.updatedAt), \(type.condoId), \(type.code), \(type.name))
            """)
    }

    static func save(_ type: UnitType) -> Command {
        Command(
            """
            update condo.unit_types set updated_at = \(type.updatedAt), code = \(type.code), name = \(type.name)
            where id = \(type.id)
            """)
    }

    /// Whether a tariff of the condo names the type's code.
    static func isPriced(_ type: UnitType) -> Statement<Bool> {
        Statement(
            """
            select exists (select from condo.tariffs t where t.condo_id = \(type.condoId) and t.deleted_at is null
              and t.is_active and t.unit_type_code = \(type.code))
            """)
    }

    /// Untouched when a live unit is of this type.
    static func delete(_ id: ID<UnitType>, at moment: Instant) -> Command {
        Command(
            """
            update condo.unit_types t set deleted_at = \(moment), updated_at = \(moment) where t.id = \(id)
              and not exists (select from condo.units u where u.unit_type_id = t.id and u.deleted_at is null)
            """)
    }
}
