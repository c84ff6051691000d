import Identity
import Postgres
import Service
import Values

/// The statements of readings.
enum ReadingQueries {
    /// Two readings of a meter wait for each other here. It stands in one group with the statement that judges: each
    /// statement of a group has its own snapshot, so the judge sees what this one waited for.
    static func lock(_ meter: ID<Meter>) -> Statement<Int> {
        Statement("select 1 from condo.meters where id = \(meter) for no key update")
    }

    /// Usual readings: each of a plain meter, neither forced nor lower than the one before, nor higher than the one after,
    /// nor implausible. No row, and nothing done, for every other reading, for one whose meter somebody else has locked
    /// or has just changed, and for the second of a meter: then `lock` and `record` judge in full.
    ///
    /// The readings around are looked for only when the reading is not the newest, and they are those of the
    /// statement's snapshot. So the meter's row, which every change of its readings rewrites, must be in the snapshot
    /// what it is when it has been locked: it is read again as the tuple that was locked (manual, 5.5 `ctid`, 13.2.1),
    /// which a snapshot older than the tuple does not see.
    ///
    /// The trail of those that staff have entered is written along. The sub-selects of readings are written so that they
    /// can only be run for each meter by itself, and in the order of its index: a plan made while the table was empty, and
    /// kept, might else read it all. `offset 0` keeps what is computed from being computed at each use.
    static func advance(_ readings: [UsualReading]) -> Statement<Placed<ReadingVerdict>> {
        let lines = readings.enumerated().compactMap { place, reading in
            reading.line.map { PlacedAuditLine(place + 1, $0) }
        }
        let trail = lines.isEmpty ? nil : Trail.recording(
            lines, from: "judged r", where: "r.is_staff and r.place = line.place")
        return Statement(
            """
            with given as materialized (
              select g.*, m.ctid as tuple from (select distinct on (a.meter) a.*
                from unnest(\(each: readings, \.reading.meter)::uuid[], \(each: readings, \.reading.value)::numeric[],
                  \(each: readings, \.reading.at)::timestamptz[], \(each: readings, \.reading.day)::date[],
                  \(each: readings, \.reading.coverage.isEverything)::boolean[],
                  \(each: readings, \.reading.coverage.companies)::text[],
                  \(each: readings, \.reading.coverage.condos)::text[],
                  \(each: readings, \.reading.coverage.units)::text[], \(each: readings, \.id)::uuid[],
                  \(each: readings, \.reading.by)::uuid[], \(each: readings, \.reading.source.rawValue)::text[],
                  \(each: readings, \.reading.file)::uuid[], \(each: readings, \.reading.notes)::text[])
                with ordinality a(meter, value, moment, given_day, everything, companies, condos, units, reading,
                  submitter, source, file, notes, place)
                order by a.meter, a.place) g
              join condo.meters m on m.id = g.meter for no key update of m skip locked
            ), judged as materialized (
              select g.*, m.unit_id, u.condo_id, u.company_id, u.number, t.code, t.name, t.unit, d.day, d.is_newest,
                d.is_staff, p.value as previous, n.reading_date as next_day
              from given g
              join condo.meters m on m.ctid = g.tuple
              join condo.units u on u.id = m.unit_id
              join condo.condos k on k.id = u.condo_id
              join condo.companies c on c.id = u.company_id
              join condo.meter_types t on t.id = m.meter_type_id
              cross join lateral (
                select (g.moment at time zone coalesce(k.timezone, c.timezone))::date as day offset 0) today
              cross join lateral (
                select e.day, m.last_reading_date is null or e.day > m.last_reading_date as is_newest,
                  g.everything or u.company_id = any(g.companies::uuid[]) or u.condo_id = any(g.condos::uuid[]) as is_staff
                from (select coalesce(g.given_day, today.day) as day) e offset 0) d
              cross join lateral (
                select coalesce(case when d.is_newest then m.last_reading else (
                  select r.value from condo.meter_readings r
                  where r.meter_id = m.id and r.reading_date < d.day and r.deleted_at is null
                    and (r.is_verified or not r.is_forced)
                  order by r.reading_date desc limit 1) end, m.initial_reading) as value offset 0) p
              left join lateral (
                select r.value, r.reading_date from condo.meter_readings r
                where not d.is_newest and r.meter_id = m.id and r.reading_date > d.day and r.deleted_at is null
                  and (r.is_verified or not r.is_forced)
                order by r.reading_date limit 1) n on true
              where m.deleted_at is null and m.is_active and u.deleted_at is null and t.zones = '{}'
                and (g.everything or c.blocked_at is null and (d.is_staff or m.unit_id = any(g.units::uuid[])))
                and d.day >= coalesce(m.installation_date, d.day) and d.day <= today.day
                and g.value >= p.value and g.value <= coalesce(n.value, g.value)
                and (t.max_monthly_increase is null or g.value - p.value <= t.max_monthly_increase)
                and (d.is_newest or d.day is distinct from (select r.reading_date from condo.meter_readings r
                  where r.meter_id = m.id and r.reading_date >= d.day and r.deleted_at is null
                  order by r.reading_date limit 1))
            ), added as (
              insert into condo.meter_readings (id, created_at, updated_at, meter_id, unit_id, condo_id, user_id, value,
                consumption, reading_date, source, photo_file_id, is_verified, verified_by, verified_at, notes)
              select reading, moment, moment, meter, unit_id, condo_id, submitter, value, value - previous, day, source,
                file, is_staff, case when is_staff then submitter end, case when is_staff then moment end, notes
              from judged
            ), moved as (
              update condo.meters m set updated_at = j.moment, last_zone_values = null,
                last_reading = case when j.is_newest then j.value else m.last_reading end,
                last_reading_date = case when j.is_newest then j.day else m.last_reading_date end,
                last_consumption = case when j.is_newest then j.value - j.previous else m.last_consumption end
              from judged j where m.ctid = j.tuple
            ), following as (
              update condo.meter_readings r set consumption = r.value - j.value, updated_at = j.moment
              from judged j cross join lateral (
                select x.ctid as tuple from condo.meter_readings x
                where j.next_day is not null and x.meter_id = j.meter and x.reading_date > j.day
                  and x.reading_date <= j.next_day and x.deleted_at is null
                order by x.reading_date offset 0) f
              where r.ctid = f.tuple
            ) \(trailed(trail))
            select place, meter, unit_id, condo_id, company_id, number, code, name, unit, day, previous, is_staff, null::text
            from judged
            """)
    }

    /// Judges a reading by spec 4.2 and, when nothing is against it, stores it, moves the meter's last reading and
    /// recomputes the consumption of the next one. The meter's row is rewritten in any case: see `advance`. Answers the verdict in either case; no row when there is no meter.
    ///
    /// The usual reading is later than the last: then `meters.last_*` say all that is needed, and the look-ups of
    /// earlier and later readings are not even begun. Two readings of a day are refused by readings_once_a_day.
    ///
    /// - Parameter trail: writes a row for `verdict`, if `added` has one.
    static func record(
        _ reading: NewReading, as id: ID<Reading>, trail: Command? = nil
    ) -> Statement<ReadingVerdict> {
        Statement(
            """
            with \(judged(reading)), added as (
              insert into condo.meter_readings (id, created_at, updated_at, meter_id, unit_id, condo_id, user_id, value,
                zone_values, consumption, reading_date, source, photo_file_id, is_verified, verified_by, verified_at,
                is_forced, notes)
              select \(id), moment, moment, meter_id, unit_id, condo_id, submitter, value, given_zones, value - previous,
                day, \(reading.source), \(reading.file), is_staff, case when is_staff then submitter end,
                case when is_staff then moment end, is_forced, \(reading.notes)
              from verdict where problem is null
              on conflict (meter_id, reading_date) where deleted_at is null do nothing
              returning meter_id
            ), moved as (
              update condo.meters m set updated_at = v.moment,
                last_reading = case when v.is_newest then v.value else m.last_reading end,
                last_zone_values = case when v.is_newest then v.given_zones else m.last_zone_values end,
                last_reading_date = case when v.is_newest then v.day else m.last_reading_date end,
                last_consumption = case when v.is_newest then v.value - v.previous else m.last_consumption end
              from (select verdict.*, last_reading_date is null or last_reading_date < day as is_newest from verdict) v
              where m.id = v.meter_id and v.meter_id in (select meter_id from added)
            ), following as (
              update condo.meter_readings r set consumption = r.value - v.value, updated_at = v.moment
              from verdict v
              where exists (select from later) and v.meter_id in (select meter_id from added)
                and r.meter_id = \(reading.meter) and r.deleted_at is null
                and r.reading_date > v.day and r.reading_date <= (select reading_date from later)
            ) \(trailed(trail))
            select v.meter_id, v.unit_id, v.condo_id, v.company_id, v.unit_number, v.type_code, v.type_name, v.type_unit,
              v.day, v.previous, v.is_staff,
              coalesce(v.problem, case when not exists (select from added) then 'reading_exists' end)
            from verdict v
            """)
    }

    private static func trailed(_ trail: Command?) -> SQL {
        trail.map { ", trailed as (\($0.sql))" } ?? .empty
    }

    /// Whether a reading would be accepted; stores nothing.
    static func judge(_ reading: NewReading) -> Statement<ReadingVerdict> {
        Statement(
            """
            with \(judged(reading))
            select v.meter_id, v.unit_id, v.condo_id, v.company_id, v.unit_number, v.type_code, v.type_name, v.type_unit,
              v.day, v.previous, v.is_staff, v.problem
            from verdict v
            """)
    }

    /// In the order in which `Reading` reads them; of `tables`.
    private static var columns: SQL {
        """
        r.id, r.created_at, r.updated_at, r.meter_id, r.unit_id, u.number, r.condo_id, u.company_id, t.code, t.name,
        t.unit, r.user_id, r.value, r.zone_values, r.consumption, r.reading_date, r.source, r.is_verified, r.verified_by,
        r.verified_at, r.is_forced, r.notes
        """
    }

    private static var tables: SQL {
        """
        condo.meter_readings r join condo.units u on u.id = r.unit_id join condo.meters m on m.id = r.meter_id
        join condo.meter_types t on t.id = m.meter_type_id
        """
    }

    static func one(_ id: ID<Reading>) -> Statement<Reading> {
        Statement("select \(columns) from \(tables) where r.id = \(id) and r.deleted_at is null")
    }

    /// Index readings_once_a_day, read backwards.
    static func ofMeter(_ meter: ID<Meter>, before day: Day?, limit: Int) -> Statement<Reading> {
        let after: SQL = day.map { "and r.reading_date < \($0)" } ?? .empty
        return Statement(
            """
            select \(columns) from \(tables) where r.meter_id = \(meter) and r.deleted_at is null \(after)
            order by r.reading_date desc limit \(limit)
            """)
    }

    /// From each condo that the caller covers whole, and from each of his units, the newest that fit, by the index in
    /// that order: readings_of_condo, readings_of_unit. So a company's list costs the same however much has been read.
    static func list(
        _ filter: ReadingFilter, within own: Coverage, after position: ReadingPosition?, limit: Int
    ) -> Statement<Reading> {
        let condos: SQL = filter.condoId.map { "and k.id = \($0)" } ?? .empty
        let condosOfUnit: SQL = filter.unitId.map {
            "and k.id = (select x.condo_id from condo.units x where x.id = \($0))"
        } ?? .empty
        let condo: SQL = filter.condoId.map { "and r.condo_id = \($0)" } ?? .empty
        let unit: SQL = filter.unitId.map { "and r.unit_id = \($0)" } ?? .empty
        let type: SQL = filter.meterTypeCode.map {
            """
            and exists (select from condo.meters m join condo.meter_types t on t.id = m.meter_type_id
              where m.id = r.meter_id and t.code = \($0))
            """
        } ?? .empty
        let verified: SQL = filter.isVerified.map { "and r.is_verified = \($0)" } ?? .empty
        let period: SQL = filter.period.map { "and r.reading_date between \($0.firstDay) and \($0.lastDay)" } ?? .empty
        let after: SQL = position.map {
            "and (r.reading_date < \($0.day) or r.reading_date = \($0.day) and r.id > \($0.id))"
        } ?? .empty
        let newest: SQL = """
            r.deleted_at is null \(own.outsideDeniedUnits("r.unit_id")) \(condo) \(unit) \(type) \(verified) \(period) \(after)
            order by r.reading_date desc, r.id limit \(limit)
            """
        return Statement(
            """
            select \(columns) from \(tables) where r.id in (
              select x.id from condo.condos k cross join lateral (
                select r.id from condo.meter_readings r where r.condo_id = k.id and \(newest)) x
              where \(own.ofWholeCondos) \(condos) \(condosOfUnit)
              union all
              select x.id from unnest(\(own.units)) own (id) cross join lateral (
                select r.id from condo.meter_readings r where r.unit_id = own.id and \(newest)) x)
            order by r.reading_date desc, r.id limit \(limit)
            """)
    }

    /// Charged on an invoice that counts.
    static func isBilled(_ id: ID<Reading>) -> Statement<Bool> {
        Statement(
            """
            select exists (select from condo.meter_charges x join invoices.invoices i on i.id = x.invoice_id
              where x.reading_id = \(id) and i.status <> 'cancelled')
            """)
    }

    static func remove(_ id: ID<Reading>, at moment: Instant) -> Command {
        Command("update condo.meter_readings set deleted_at = \(moment), updated_at = \(moment) where id = \(id)")
    }

    /// Takes a removed reading back with corrected values; `settle` then puts its consumption right.
    static func correct(_ reading: Reading, at moment: Instant) -> Command {
        Command(
            """
            update condo.meter_readings set deleted_at = null, updated_at = \(moment), value = \(reading.value),
              zone_values = \(reading.zoneValues), reading_date = \(reading.readingDate), notes = \(reading.notes)
            where id = \(reading.id)
            """)
    }

    static func verify(_ id: ID<Reading>, by user: UUID, at moment: Instant) -> Command {
        Command(
            """
            update condo.meter_readings set is_verified = true, verified_by = \(user), verified_at = \(moment),
              updated_at = \(moment)
            where id = \(id) and not is_verified
            """)
    }

    /// After a correction: each reading's consumption is its value less the nearest earlier one that counts …
    static func settleConsumption(of meter: ID<Meter>) -> Command {
        Command(
            """
            update condo.meter_readings r set consumption = s.consumption, updated_at = now()
            from (
              select x.id, x.value - coalesce((select p.value from condo.meter_readings p
                where p.meter_id = x.meter_id and p.reading_date < x.reading_date and p.deleted_at is null
                  and (p.is_verified or not p.is_forced) order by p.reading_date desc limit 1), m.initial_reading)
                as consumption
              from condo.meter_readings x join condo.meters m on m.id = x.meter_id
              where x.meter_id = \(meter) and x.deleted_at is null) s
            where r.id = s.id and r.consumption <> s.consumption
            """)
    }

    /// … and the meter's last reading is the newest that counts.
    static func settleLast(of meter: ID<Meter>) -> Command {
        Command(
            """
            update condo.meters m set updated_at = now(),
              (last_reading, last_zone_values, last_reading_date, last_consumption) = (
                select r.value, r.zone_values, r.reading_date, r.consumption from condo.meter_readings r
                where r.meter_id = m.id and r.deleted_at is null and (r.is_verified or not r.is_forced)
                order by r.reading_date desc limit 1)
            where m.id = \(meter)
            """)
    }

    /// Where the meter stood on two days, and how often it was read between them; none in the range is no consumption.
    static func consumption(of meter: ID<Meter>, from: Day, to: Day) -> Statement<ConsumptionRow> {
        Statement(
            """
            select coalesce((\(position(of: meter, on: from))), m.initial_reading),
              coalesce((\(position(of: meter, on: to))), m.initial_reading),
              (select count(*) from condo.meter_readings r where r.meter_id = m.id and r.deleted_at is null
                and r.reading_date > \(from) and r.reading_date <= \(to))
            from condo.meters m where m.id = \(meter)
            """)
    }

    private static func position(of meter: ID<Meter>, on day: Day) -> SQL {
        """
        select r.value from condo.meter_readings r where r.meter_id = \(meter) and r.deleted_at is null
          and (r.is_verified or not r.is_forced) and r.reading_date <= \(day) order by r.reading_date desc limit 1
        """
    }

    /// The meter is named by its bind wherever readings are looked for: a plan made while the table was empty, and kept,
    /// might else join all of them.
    ///
    /// Common table expressions `later` and `verdict`: where the meter stands, and what is against the reading.
    private static func judged(_ reading: NewReading) -> SQL {
        """
        chain as (
          select m.id as meter_id, m.unit_id, u.condo_id, u.company_id, u.number as unit_number,
            t.code as type_code, t.name as type_name, t.unit as type_unit, t.zones, t.max_monthly_increase,
            m.initial_reading, m.initial_zone_values, m.installation_date, m.created_at, m.is_active,
            m.last_reading, m.last_zone_values, m.last_reading_date,
            g.value, g.given_zones, g.moment, g.submitter, g.is_forced,
            (g.moment at time zone coalesce(k.timezone, c.timezone))::date as today,
            coalesce(g.day, (g.moment at time zone coalesce(k.timezone, c.timezone))::date) as day,
            \(reading.coverage.isEverything) or u.company_id = any(\(reading.coverage.companies)) or u.condo_id = any(\(reading.coverage.condos))
              as is_staff,
            m.unit_id = any(\(reading.coverage.units)) as is_resident,
            c.blocked_at is not null and not \(reading.coverage.isEverything) as is_blocked
          from (select \(reading.value) as value, \(reading.zones)::jsonb as given_zones, \(reading.at) as moment,
            \(reading.by) as submitter, \(reading.isForced) as is_forced, \(reading.day) as day) g
          join condo.meters m on m.id = \(reading.meter)
          join condo.units u on u.id = m.unit_id
          join condo.condos k on k.id = u.condo_id
          join condo.companies c on c.id = u.company_id
          join condo.meter_types t on t.id = m.meter_type_id
          where m.deleted_at is null and u.deleted_at is null
        ), earlier as (
          select r.value, r.zone_values, r.reading_date
          from chain join condo.meter_readings r on r.meter_id = \(reading.meter)
          where chain.day <= chain.last_reading_date and r.reading_date < chain.day and r.deleted_at is null
            and (r.is_verified or not r.is_forced)
          order by r.reading_date desc limit 1
        ), later as (
          select r.value, r.zone_values, r.reading_date
          from chain join condo.meter_readings r on r.meter_id = \(reading.meter)
          where chain.day <= chain.last_reading_date and r.reading_date > chain.day and r.deleted_at is null
            and (r.is_verified or not r.is_forced)
          order by r.reading_date limit 1
        ), neighbours as (
          select chain.*,
            case when day > last_reading_date then last_reading else coalesce(e.value, initial_reading) end as previous,
            case when day > last_reading_date then last_zone_values else coalesce(e.zone_values, initial_zone_values) end
              as previous_zones,
            coalesce(case when day > last_reading_date then last_reading_date else e.reading_date end,
              installation_date, created_at::date) as previous_day,
            l.value as next, l.zone_values as next_zones,
            day <= last_reading_date and exists (select from condo.meter_readings r
              where r.meter_id = \(reading.meter) and r.reading_date = day and r.deleted_at is null) as is_taken
          from chain left join earlier e on true left join later l on true
        ), verdict as (
          select n.*, case
            when is_blocked or not (is_staff or is_resident) then 'forbidden'
            when not is_active then 'meter_inactive'
            when is_taken then 'reading_exists'
            when day > today then 'date_in_future'
            when day < installation_date then 'date_before_installation'
            when (select array_agg(z order by z) from unnest(zones) z) is distinct from
              (select array_agg(z order by z) from jsonb_object_keys(given_zones) z) then 'zones_mismatch'
            when not is_forced and (value < previous or exists (select from unnest(zones) z
              where (given_zones ->> z)::numeric < coalesce((previous_zones ->> z)::numeric, 0)))
              then 'reading_too_low'
            when value > next or exists (select from unnest(zones) z
              where (given_zones ->> z)::numeric > (next_zones ->> z)::numeric) then 'reading_too_high'
            when not is_forced and value - previous > max_monthly_increase * greatest(1,
              12 * (extract(year from day) - extract(year from previous_day))
              + extract(month from day) - extract(month from previous_day)
              + case when extract(day from day) > extract(day from previous_day) then 1 else 0 end)
              then 'increase_too_high'
          end as problem
          from neighbours n
        )
        """
    }
}
