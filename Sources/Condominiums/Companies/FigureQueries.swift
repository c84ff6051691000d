import JSON
import Postgres
import Values

/// The figures of a company or condo: one statement, money of the current month in the scope's time zone. What was
/// collected is what payments gave to its invoices this month and was not given back.
enum FigureQueries {
    static func ofCompany(_ id: ID<Company>, at moment: Instant) -> Statement<Figures> {
        figures("k.company_id = \(id)", of: "c.id = \(id)", zone: "c.timezone", from: "condo.companies c", at: moment)
    }

    static func ofCondo(_ id: ID<Condo>, at moment: Instant) -> Statement<Figures> {
        figures(
            "k.id = \(id)", of: "o.id = \(id)", zone: "coalesce(o.timezone, c.timezone)",
            from: "condo.condos o join condo.companies c on c.id = o.company_id", at: moment)
    }

    private static func figures(
        _ condos: SQL, of own: SQL, zone: SQL, from source: SQL, at moment: Instant
    ) -> Statement<Figures> {
        Statement(
            """
            with month as (
              select c.currency, date_trunc('month', \(moment) at time zone \(zone))::date as first,
                date_trunc('month', \(moment) at time zone \(zone)) at time zone \(zone) as since
              from \(source) where \(own)
            ), places as (select k.id from condo.condos k where \(condos) and k.deleted_at is null),
            homes as (
              select u.id, u.resident_count from condo.units u
              where u.condo_id in (select id from places) and u.deleted_at is null),
            bills as (
              select i.id, i.status, i.total, i.paid, i.issued_on, i.currency from invoices.invoices i
              where i.scope_id in (select id from places) and i.kind in ('unit_monthly', 'unit_manual')),
            counted as (
              select m.id from condo.meters m
              where m.unit_id in (select id from homes) and m.is_active and m.deleted_at is null),
            requests as (
              select t.due_at from tickets.tickets t
              where t.scope_type = 'condo' and t.scope_id in (select id from places) and t.deleted_at is null
                and t.status in ('new', 'assigned', 'in_progress', 'waiting', 'review'))
            select
              (select count(*) from places),
              (select count(*) from condo.buildings b where b.condo_id in (select id from places) and b.deleted_at is null),
              (select count(*) from homes), (select count(*) from homes where resident_count > 0),
              (select count(*) from condo.residents r
                where r.condo_id in (select id from places) and r.is_active and r.deleted_at is null),
              (select count(*) from requests), (select count(*) from requests where due_at < \(moment)),
              (select coalesce(sum(total), 0) from bills
                where issued_on >= month.first and status <> 'cancelled' and currency = month.currency)::bigint,
              (select coalesce(sum(a.amount), 0) from invoices.allocations a join bills on bills.id = a.invoice_id
                where a.reversed_at is null and a.created_at >= month.since and bills.currency = month.currency)::bigint,
              (select coalesce(sum(total - paid), 0) from bills
                where status = 'overdue' and currency = month.currency)::bigint,
              month.currency,
              (select count(*) from counted),
              (select count(*) from counted where exists (select from condo.meter_readings r
                where r.meter_id = counted.id and r.deleted_at is null and r.reading_date >= month.first)),
              \(moment)
            from month
            """, .report)
    }
}

struct Figures: Row {
    let condos: Int
    let buildings: Int
    let units: Int
    let occupiedUnits: Int
    let residents: Int
    let openTickets: Int
    let overdueTickets: Int
    let charged: Int64
    let collected: Int64
    let overdue: Int64
    let currency: Currency
    let meters: Int
    let metersRead: Int
    let asOf: Instant

    init(_ row: inout RowReader) throws {
        condos = try row.next()
        buildings = try row.next()
        units = try row.next()
        occupiedUnits = try row.next()
        residents = try row.next()
        openTickets = try row.next()
        overdueTickets = try row.next()
        charged = try row.next()
        collected = try row.next()
        overdue = try row.next()
        currency = try row.next()
        meters = try row.next()
        metersRead = try row.next()
        asOf = try row.next()
    }
}

/// The figures as they are answered.
struct FiguresView: WireOutput {
    let figures: Figures
    let isOfCompany: Bool

    init(_ figures: Figures, isOfCompany: Bool) {
        self.figures = figures
        self.isOfCompany = isOfCompany
    }

    /// Of the active meters, those that were read this month.
    private var readingsPercent: Percent { Percent(share: figures.metersRead, of: figures.meters) }

    static let shape = Shape<FiguresView>(
        output: "Figures",
        Field("condos", { $0.figures.condos }, when: { $0.isOfCompany }, doc: "Of a company only."),
        Field("buildings", { $0.figures.buildings }),
        Field("units", { $0.figures.units }),
        Field("occupiedUnits", { $0.figures.occupiedUnits }),
        Field("residents", { $0.figures.residents }),
        Field("openTickets", { $0.figures.openTickets }),
        Field("overdueTickets", { $0.figures.overdueTickets }, doc: "Of the open ones."),
        Field("charged", { Amount($0.figures.charged, $0.figures.currency) }),
        Field("collected", { Amount($0.figures.collected, $0.figures.currency) }),
        Field("overdueAmount", { Amount($0.figures.overdue, $0.figures.currency) }),
        Field("currency", { $0.figures.currency }),
        Field("readingsSubmittedPercent", { $0.readingsPercent }),
        Field("asOf", { $0.figures.asOf }))
}
