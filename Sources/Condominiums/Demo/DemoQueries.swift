import Postgres
import Values

/// The demo's rows, set by set. Ids are composed from a kind and a number, so that loading twice cannot double anything.
enum DemoQueries {
    static let company = ID<Company>(UUID("01900000-d001-7000-8000-000000000001")!)
    static let condo = ID<Condo>(UUID("01900000-d002-7000-8000-000000000001")!)
    static let movedIn = Day(year: 2025, month: 1, day: 15)

    /// `01900000-dKKK-7000-8000-nnnnnnnnnnnn`
    private static func key(_ kind: StaticString, _ number: SQL) -> SQL {
        "('01900000-\(raw: kind)-7000-8000-' || lpad((\(number))::text, 12, '0'))::uuid"
    }

    static var isLoaded: Statement<Bool> {
        Statement("select exists (select from condo.companies where id = \(company))")
    }

    static func unit(_ number: String) -> Statement<ID<Unit>> {
        Statement("select id from condo.units where condo_id = \(condo) and number = \(number) and deleted_at is null")
    }

    static func isBilled(_ month: Period) -> Statement<Bool> {
        Statement(
            "select exists (select from condo.billing_runs where condo_id = \(condo) and period = \(month) and status = 'done')")
    }

    /// Two houses with two entrances each; twenty units in a house, of which one is an office.
    static var structure: [Command] {
        [
            Command(
                """
                insert into condo.companies (id, created_at, name, legal_name, registration_number, legal_address, country,
                  city, phone, email, currency, timezone, default_language, bank_name, iban)
                values (\(company), '2025-01-10', 'Birchwood Estates', 'Birchwood Estates Ltd', 'BG204500111',
                  '12 Linden Street, Sofia', 'Bulgaria', 'Sofia', '+35929990011', 'office@birchwood.example', 'EUR',
                  'Europe/Sofia', 'en', 'First Bank', 'BG80BNBG96611020345678')
                """),
            Command(
                """
                insert into condo.condos (id, created_at, company_id, name, address, city, country, built_year, total_area,
                  total_buildings, total_units, contact_email, contact_phone, admin_name, admin_email)
                values (\(condo), '2025-01-10', \(company), 'Birchwood Court', '3 Birch Avenue', 'Sofia', 'Bulgaria', 2016,
                  2600, 2, 40, 'court@birchwood.example', '+35929990012', 'Ada Ivanova', 'admin@birchwood.example')
                """),
            Command(
                """
                insert into condo.buildings (id, condo_id, number, street_address, floor_count, entrance_count, units_count)
                select \(key("d003", "b")), \(condo), b::text, '3 Birch Avenue, house ' || b, 5, 2, 20
                from generate_series(1, 2) b
                """),
            Command(
                """
                insert into condo.entrances (id, building_id, number, floor_count, units_count, intercom_code)
                select \(key("d004", "e")), \(key("d003", "(e + 1) / 2")), (1 + (e - 1) % 2)::text, 5, 10, 'K' || 4100 + e
                from generate_series(1, 4) e
                """),
            Command(
                """
                insert into condo.units (id, condo_id, company_id, building_id, building_number, entrance_id,
                  entrance_number, unit_type_id, type_code, type_name, number, floor, area, rooms, owner_name)
                select \(key("d005", "i")), \(condo), \(company), b.id, b.number, e.id, e.number, t.id, t.code, t.name,
                  i::text, 1 + (i - 1) % 10 / 2, 42 + i * 17 % 49 + 0.5, 1 + i % 4,
                  (array['Marinova', 'Georgiev', 'Stoyanova', 'Nikolov', 'Hristova'])[1 + i % 5]
                from generate_series(1, 40) i
                join condo.entrances e on e.id = \(key("d004", "(i + 9) / 10"))
                join condo.buildings b on b.id = e.building_id
                join condo.unit_types t on t.condo_id is null
                  and t.code = case when i % 20 = 1 and i > 1 then 'office' else 'apartment' end
                """),
        ]
    }

    /// Owners of the units from 2 to 36; the last four stand empty. They have no password yet.
    static var people: [Command] {
        [
            Command(
                """
                insert into identity.users (id, email, first_name, last_name, locale, status, source)
                select \(key("d006", "i")), 'home' || i || '@birchwood.example',
                  (array['Maria', 'Georgi', 'Elena', 'Ivan', 'Nadya', 'Petar'])[1 + i % 6],
                  (array['Marinova', 'Georgiev', 'Stoyanova', 'Nikolov', 'Hristova'])[1 + i % 5], 'en', 'pending', 'demo'
                from generate_series(2, 36) i
                """),
            Command(
                """
                insert into condo.residents (id, user_id, condo_id, unit_id, role, move_in_date)
                select \(key("d007", "i")), \(key("d006", "i")), \(condo), \(key("d005", "i")), 'owner', '2025-01-15'
                from generate_series(2, 36) i
                """),
            Command(
                """
                insert into identity.grants (id, user_id, role, scope_type, scope_id)
                select \(key("d008", "i")), \(key("d006", "i")), 'resident', 'unit', \(key("d005", "i"))
                from generate_series(2, 36) i
                """),
        ]
    }

    /// Cold water, hot water and electricity by day and night in every unit, and what they cost.
    static var metering: [Command] {
        [
            Command(
                """
                insert into condo.meters (id, unit_id, condo_id, meter_type_id, serial_number, installation_date, initial_reading,
                  initial_zone_values)
                select \(key("d009", "k * 100 + i")), \(key("d005", "i")), \(condo), t.id,
                  (array['CW', 'HW', 'EL'])[k] || '-' || 5000 + i, '2025-01-15',
                  case k when 3 then 300 else 10 end,
                  case k when 3 then '{"day": 200, "night": 100}'::jsonb end
                from generate_series(1, 40) i cross join generate_series(1, 3) k
                join condo.meter_types t on t.company_id is null and t.condo_id is null
                  and t.code = (array['cold_water', 'hot_water', 'electricity_day_night'])[k]
                """),
            Command(
                """
                insert into condo.tariffs (id, condo_id, kind, code, name, meter_type_code, zone, price, currency,
                  missing_reading_policy, norm_quantity, valid_from)
                select \(key("d010", "n")), \(condo), kind, code, name, meter, zone, price, 'EUR', 'average', norm, '2025-01-01'
                from (values
                  (1, 'area_based', 'maintenance', 'Maintenance', null, null, 0.45, null),
                  (2, 'fixed', 'lift', 'Lift', null, null, 4.2, null),
                  (3, 'meter_based', 'cold_water', 'Cold water', 'cold_water', null, 1.86, 3.5),
                  (4, 'meter_based', 'hot_water', 'Hot water', 'hot_water', null, 4.95, 2),
                  (5, 'meter_based', 'electricity_day', 'Electricity, day', 'electricity_day_night', 'day', 0.1482, 90),
                  (6, 'meter_based', 'electricity_night', 'Electricity, night', 'electricity_day_night', 'night', 0.0885, 60)
                ) v (n, kind, code, name, meter, zone, price, norm)
                """),
        ]
    }

    /// A month's readings, each unit at its own pace; in the third month three units forget theirs.
    static func readings(of month: Period, number: Int) -> Command {
        Command(
            """
            insert into condo.meter_readings (id, created_at, updated_at, meter_id, unit_id, condo_id, user_id, value,
              zone_values, consumption, reading_date, is_verified, verified_at)
            select \(key("d011", "\(number)::int * 1000 + k * 100 + i")), d.day, d.day, m.id, m.unit_id, \(condo), r.user_id,
              m.initial_reading + \(number)::int * p.pace,
              case when k = 3 then jsonb_build_object('day', 200 + \(number)::int * p.pace * 0.6,
                'night', 100 + \(number)::int * p.pace * 0.4) end,
              p.pace, d.day, i % 3 > 0, case when i % 3 > 0 then d.day::timestamptz end
            from generate_series(1, 40) i cross join generate_series(1, 3) k
            join condo.meters m on m.id = \(key("d009", "k * 100 + i"))
            cross join lateral (select \(month.firstDay) + 19 + i % 6 as day) d
            cross join lateral (select case k when 1 then 2.5 + i * 7 % 11 * 0.35 when 2 then 1.2 + i * 5 % 7 * 0.25
              else 100 + i * 13 % 60 end as pace) p
            left join lateral (select x.user_id from condo.residents x where x.unit_id = m.unit_id limit 1) r on true
            where not (\(number)::int = 3 and i in (7, 19, 33))
            """)
    }

    /// The meters follow their newest reading.
    static var lastReadings: [Command] {
        [
            Command(
                """
                update condo.meters m set last_reading = r.value, last_zone_values = r.zone_values,
                  last_reading_date = r.reading_date
                from (select distinct on (x.meter_id) x.meter_id, x.value, x.zone_values, x.reading_date
                  from condo.meter_readings x where x.condo_id = \(condo)
                  order by x.meter_id, x.reading_date desc) r
                where r.meter_id = m.id
                """)
        ]
    }
}
