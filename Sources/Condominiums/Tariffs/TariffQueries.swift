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
