import Postgres
import Values

/// What a month's generation reads of units, three statements however many they are and whatever they have of meters.
enum BilledUnitQueries {
    /// Readings wait until the unit is charged, so that a line and the reading it names agree.
    static func lockMeters(of unit: ID<Unit>) -> Statement<Int> {
        Statement("select 1 from condo.meters where unit_id = \(unit) order by id for no key update")
    }

    static func facts(of units: [ID<Unit>]) -> Statement<UnitFacts> {
        Statement(
            """
            select u.id, u.number, u.type_code, u.area, u.resident_count from condo.units u
            where u.id = any(\(units)) and u.is_active and u.deleted_at is null order by u.number, u.id
            """, .report)
    }

    /// The meters that count in a month: those in use, and those taken out after a reading that counts, for what they counted
    /// until then. Their last reading may have been entered when its own month was charged already.
    private static func counting(of units: [ID<Unit>], in period: Period) -> SQL {
        """
        m.unit_id = any(\(units)) and (m.is_active and m.deleted_at is null
          or exists (select from condo.meter_readings last where last.meter_id = m.id and last.deleted_at is null
            and (last.is_verified or not last.is_forced)
            and last.reading_date <= \(period.lastDay)))
        """
    }

    /// One row per register of each meter. Index meter_charges_meter.
    static func registers(of units: [ID<Unit>], in period: Period) -> Statement<RegisterFacts> {
        Statement(
            """
            select m.unit_id, m.id, m.is_active and m.deleted_at is null, t.code, m.serial_number, m.installation_date, z.zone,
              case when z.zone is null then m.initial_reading
                else coalesce((m.initial_zone_values ->> z.zone)::numeric(12,3), 0) end,
              coalesce(sum(x.quantity), 0)::numeric(12,3),
              coalesce(sum(x.quantity) filter (where x.period = \(period.previous)), 0)::numeric(12,3)
            from condo.meters m
            join condo.meter_types t on t.id = m.meter_type_id
            cross join lateral unnest(case when t.zones = '{}' then array[null::text] else t.zones end) z (zone)
            left join (condo.meter_charges x join invoices.invoices i on i.id = x.invoice_id and i.status <> 'cancelled')
              on x.meter_id = m.id and x.zone is not distinct from z.zone
            where \(counting(of: units, in: period))
            group by m.id, t.code, t.zones, z.zone
            order by t.code, m.created_at, m.id, array_position(t.zones, z.zone)
            """, .report)
    }

    /// The last counting reading of each of the newest four months with one, up to the month that is billed.
    static func positions(of units: [ID<Unit>], until period: Period) -> Statement<PositionFacts> {
        Statement(
            """
            select m.id, r.id, date_trunc('month', r.reading_date)::date, r.value, r.zone_values
            from condo.meters m cross join lateral (
              select distinct on (date_trunc('month', x.reading_date)) x.id, x.reading_date, x.value, x.zone_values
              from condo.meter_readings x
              where x.meter_id = m.id and x.deleted_at is null and (x.is_verified or not x.is_forced)
                and x.reading_date <= \(period.lastDay)
              order by date_trunc('month', x.reading_date) desc, x.reading_date desc limit 4) r
            where \(counting(of: units, in: period))
            order by m.id, r.reading_date desc
            """, .report)
    }

    static func charge(
        _ id: ID<MeterCharge>, _ charge: MeterCharge, quantity: Quantity, tariff: ID<Tariff>, invoice: UUID, item: UUID,
        period: Period
    ) -> Command {
        Command(
            """
            insert into condo.meter_charges (id, invoice_id, invoice_item_id, meter_id, tariff_id, zone, period, quantity,
              reading_id, policy)
            values (\(id), \(invoice), \(item), \(charge.meter), \(tariff), \(charge.register.name), \(period),
              \(quantity), \(charge.basis.reading), \(charge.basis.policy))
            """)
    }
}

struct UnitFacts: Row {
    let id: ID<Unit>
    let number: String
    let typeCode: String
    let area: Area?
    let activeResidents: Int

    init(_ row: inout RowReader) throws {
        id = try row.next()
        number = try row.next()
        typeCode = try row.next()
        area = try row.next()
        activeResidents = try row.next()
    }
}

struct RegisterFacts: Row {
    let unit: ID<Unit>
    let meter: ID<Meter>
    let isInUse: Bool
    let typeCode: String
    let serialNumber: String?
    let installedOn: Day?
    let zone: String?
    let initial: Quantity
    let charged: Quantity
    let chargedLastMonth: Quantity

    init(_ row: inout RowReader) throws {
        unit = try row.next()
        meter = try row.next()
        isInUse = try row.next()
        typeCode = try row.next()
        serialNumber = try row.next()
        installedOn = try row.next()
        zone = try row.next()
        initial = try row.next()
        charged = try row.next()
        chargedLastMonth = try row.next()
    }
}

struct PositionFacts: Row {
    let meter: ID<Meter>
    let reading: ID<Reading>
    let period: Period
    let value: Quantity
    let zoneValues: ZoneValues?

    init(_ row: inout RowReader) throws {
        meter = try row.next()
        reading = try row.next()
        period = try row.next()
        value = try row.next()
        zoneValues = try row.next()
    }
}
