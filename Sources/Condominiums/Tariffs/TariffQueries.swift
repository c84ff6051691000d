import Postgres
import Service
import Values

/// The statements of tariffs.
enum TariffQueries {
    /// In the order in which `Tariff` reads them; of `tariffs t`.
    private static var columns: SQL {
        """
        t.id, t.condo_id, t.kind, t.code, t.name, t.meter_type_code, t.zone, t.unit_type_code, t.price, t.currency,
        t.missing_reading_policy, t.norm_quantity, t.valid_from, t.valid_to, t.is_active
        """
    }

    static func one(_ id: ID<Tariff>) -> Statement<Tariff> {
        Statement("select \(columns) from condo.tariffs t where t.id = \(id) and t.deleted_at is null")
    }

    static func lock(_ id: ID<Tariff>) -> Statement<Tariff> {
        Statement("select \(columns) from condo.tariffs t where t.id = \(id) and t.deleted_at is null for update")
    }

    static func lock(_ ids: [ID<Tariff>], of condo: ID<Condo>) -> Statement<Tariff> {
        Statement(
            """
            select \(columns) from condo.tariffs t
            where t.id = any(\(ids)) and t.condo_id = \(condo) and t.deleted_at is null order by t.id for update
            """)
    }

    /// A condo's own and the platform's: some tens a year. Index tariffs_of_condo.
    static func ofCondo(_ condo: ID<Condo>, on day: Day, includePast: Bool) -> Statement<Tariff> {
        let span: SQL = includePast
            ? .empty
            : "and t.is_active and t.valid_from <= \(day) and (t.valid_to is null or t.valid_to >= \(day))"
        return Statement(
            """
            select \(columns) from condo.tariffs t
            where (t.condo_id = \(condo) or t.condo_id is null) and t.deleted_at is null \(span)
            order by t.condo_id nulls last, t.code, t.zone, t.unit_type_code, t.valid_from desc limit 5000
            """)
    }

    /// Whoever changes the company's currency waits for those who price in it, and sees their tariffs then.
    static func holdCurrency(of condo: ID<Condo>) -> Statement<Currency> {
        Statement(
            """
            select c.currency from condo.condos k join condo.companies c on c.id = k.company_id
            where k.id = \(condo) and k.deleted_at is null for share of c
            """)
    }

    static func insert(_ tariff: Tariff) -> Command {
        Command(
            """
            insert into condo.tariffs (id, condo_id, kind, code, name, meter_type_code, zone, unit_type_code, price,
              currency, missing_reading_policy, norm_quantity, valid_from, valid_to, is_active)
            values (\(tariff.id), \(tariff.condo), \(tariff.kind), \(tariff.code), \(tariff.name),
              \(tariff.meterTypeCode), \(tariff.zone), \(tariff.unitTypeCode), \(tariff.price), \(tariff.currency),
              \(tariff.missingReadingPolicy), \(tariff.normQuantity), \(tariff.validFrom), \(tariff.validTo),
              \(tariff.isActive))
            """)
    }

    static func save(_ tariff: Tariff) -> Command {
        Command(
            """
            update condo.tariffs set updated_at = now(), name = \(tariff.name), price = \(tariff.price),
              missing_reading_policy = \(tariff.missingReadingPolicy), norm_quantity = \(tariff.normQuantity),
              valid_from = \(tariff.validFrom), valid_to = \(tariff.validTo), is_active = \(tariff.isActive)
            where id = \(tariff.id)
            """)
    }

    static func delete(_ id: ID<Tariff>, at moment: Instant) -> Command {
        Command("update condo.tariffs set deleted_at = \(moment), updated_at = \(moment) where id = \(id)")
    }

    /// Whether a line of an invoice that counts was made by it. Lines by area and fixed ones name it as their source.
    static func isCharged(_ id: ID<Tariff>) -> Statement<Bool> {
        Statement(
            """
            select exists (select from condo.meter_charges x join invoices.invoices i on i.id = x.invoice_id
                where x.tariff_id = \(id) and i.status <> 'cancelled')
              or exists (select from invoices.items l join invoices.invoices i on i.id = l.invoice_id
                where l.source = \("tariff:\(id)") and i.status <> 'cancelled')
            """)
    }

    /// Those of the tariffs that were charged, on invoices that count, for the month or a later one. Indexes
    /// meter_charges_tariff, items_source.
    static func charged(_ ids: [ID<Tariff>], since period: Period) -> Statement<ID<Tariff>> {
        Statement(
            """
            select t.id from unnest(\(ids)) as t (id)
            where exists (select from condo.meter_charges x join invoices.invoices i on i.id = x.invoice_id
                where x.tariff_id = t.id and x.period >= \(period) and i.status <> 'cancelled')
              or exists (select from invoices.items l join invoices.invoices i on i.id = l.invoice_id
                where l.source = 'tariff:' || t.id and i.period >= \(period) and i.status <> 'cancelled')
            """)
    }

    /// Whether what a tariff to be names is there: of the condo, its company or the system, for a default the system's.
    static func fit(_ tariff: NewTariff) -> Statement<TariffFit> {
        let meterTypes: SQL = """
            select from condo.meter_types m where m.code = \(tariff.meterTypeCode) and m.deleted_at is null
              and (m.condo_id = \(tariff.condoId) or m.condo_id is null and (m.company_id is null
                or m.company_id = (select k.company_id from condo.condos k where k.id = \(tariff.condoId))))
            """
        return Statement(
            """
            select \(tariff.meterTypeCode)::text is null or exists (\(meterTypes)),
              \(tariff.zone)::text is null or exists (\(meterTypes) and \(tariff.zone) = any(m.zones)),
              \(tariff.unitTypeCode)::text is null or exists (select from condo.unit_types u
                where u.code = \(tariff.unitTypeCode) and (u.condo_id is null or u.condo_id = \(tariff.condoId))
                  and u.deleted_at is null)
            """)
    }
}

/// Which of the things a tariff names there are; one that is not named counts as there.
struct TariffFit: Row {
    let isMeterType: Bool
    let isZone: Bool
    let isUnitType: Bool

    init(_ row: inout RowReader) throws {
        isMeterType = try row.next()
        isZone = try row.next()
        isUnitType = try row.next()
    }
}

extension Tariff: Row {
    init(_ row: inout RowReader) throws {
        id = try row.next()
        condo = try row.next()
        kind = try row.next()
        code = try row.next()
        name = try row.next()
        meterTypeCode = try row.next()
        zone = try row.next()
        unitTypeCode = try row.next()
        price = try row.next()
        currency = try row.next()
        missingReadingPolicy = try row.next()
        normQuantity = try row.next()
        validFrom = try row.next()
        validTo = try row.next()
        isActive = try row.next()
    }
}
