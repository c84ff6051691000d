import Postgres
import Service
import Values

/// The statements of meters.
enum MeterQueries {
    /// In the order in which `Meter` reads them; of `tables`.
    private static var columns: SQL {
        """
        m.id, m.created_at, m.updated_at, m.unit_id, u.condo_id, u.company_id, t.id, t.code, t.name, t.unit, t.zones,
        t.icon, m.serial_number, m.installation_date, m.last_verification_date, m.next_verification_date,
        m.initial_reading, m.initial_zone_values, m.last_reading, m.last_reading_date, m.is_active
        """
    }

    private static var tables: SQL {
        "condo.meters m join condo.units u on u.id = m.unit_id join condo.meter_types t on t.id = m.meter_type_id"
    }

    static func one(_ id: ID<Meter>) -> Statement<Meter> {
        Statement("select \(columns) from \(tables) where m.id = \(id) and m.deleted_at is null")
    }

    static func lock(_ id: ID<Meter>) -> Statement<Meter> {
        Statement("select \(columns) from \(tables) where m.id = \(id) and m.deleted_at is null for no key update of m")
    }

    /// Index meters_unit. A unit has a handful; a hundred is the bound of the answer.
    static func ofUnit(_ unit: ID<Unit>, isActive: Bool?) -> Statement<Meter> {
        let active: SQL = isActive.map { "and m.is_active = \($0)" } ?? .empty
        return Statement(
            """
            select \(columns) from \(tables) where m.unit_id = \(unit) and m.deleted_at is null \(active)
            order by t.code, m.created_at, m.id limit 100
            """)
    }

    static func insert(_ meter: Meter) -> Command {
        Command(
            """
            insert into condo.meters (id, created_at, updated_at, unit_id, condo_id, meter_type_id, serial_number, installation_date,
              last_verification_date, next_verification_date, initial_reading, initial_zone_values, is_active)
            values (\(meter.id), \(meter.createdAt), \(meter.updatedAt), \(meter.unitId), \(meter.condoId),
              \(meter.type.id), \(meter.serialNumber), \(meter.installationDate), \(meter.lastVerificationDate),
              \(meter.nextVerificationDate), \(meter.initialReading), \(meter.initialZoneValues), \(meter.isActive))
            """)
    }

    static func save(_ meter: Meter) -> Command {
        Command(
            """
            update condo.meters set updated_at = \(meter.updatedAt), serial_number = \(meter.serialNumber),
              installation_date = \(meter.installationDate), last_verification_date = \(meter.lastVerificationDate),
              next_verification_date = \(meter.nextVerificationDate), initial_reading = \(meter.initialReading),
              initial_zone_values = \(meter.initialZoneValues), is_active = \(meter.isActive)
            where id = \(meter.id)
            """)
    }

    static func delete(_ id: ID<Meter>, at moment: Instant) -> Command {
        Command("update condo.meters set deleted_at = \(moment), updated_at = \(moment), is_active = false where id = \(id)")
    }

    static func hasReadings(_ id: ID<Meter>) -> Statement<Bool> {
        Statement(
            "select exists (select from condo.meter_readings where meter_id = \(id) and deleted_at is null)")
    }
}
