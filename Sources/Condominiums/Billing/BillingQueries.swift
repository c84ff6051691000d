import JSON
import Postgres
import Service
import Values

/// The statements of runs and charges.
enum BillingQueries {
    /// In the order in which `BillingRun` reads them; of `billing_runs b join condos k`.
    private static var columns: SQL {
        """
        b.id, b.created_at, b.condo_id, k.company_id, b.period, b.unit_ids, b.started_by, b.status, b.units, b.created,
        b.skipped, b.total_minor, b.currency, b.problems, b.finished_at
        """
    }

    static func run(_ id: ID<BillingRun>) -> Statement<BillingRun> {
        Statement(
            "select \(columns) from condo.billing_runs b join condo.condos k on k.id = b.condo_id where b.id = \(id)")
    }

    /// Index billing_runs_of_condo.
    static func list(
        _ condo: ID<Condo>, _ filter: BillingRunFilter, _ page: PageRequest
    ) -> Statement<Counted<BillingRun>> {
        Statement(
            """
            select count(*) over (), \(columns) from condo.billing_runs b join condo.condos k on k.id = b.condo_id
            where \(matching(condo, filter)) order by b.period desc, b.id desc
            limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ condo: ID<Condo>, _ filter: BillingRunFilter) -> Statement<Int> {
        Statement("select count(*) from condo.billing_runs b where \(matching(condo, filter))")
    }

    private static func matching(_ condo: ID<Condo>, _ filter: BillingRunFilter) -> SQL {
        let status: SQL = filter.status.map { "and b.status = \($0)" } ?? .empty
        let period: SQL = filter.period.map { "and b.period = \($0)" } ?? .empty
        return "b.condo_id = \(condo) \(status) \(period)"
    }

    static func context(_ condo: ID<Condo>, at moment: Instant) -> Statement<BillingContext> {
        Statement(
            """
            select k.id, k.company_id, c.currency, coalesce(k.timezone, c.timezone), k.use_default_tariffs, k.is_active,
              (\(moment) at time zone coalesce(k.timezone, c.timezone))::date,
              jsonb_strip_nulls(jsonb_build_object(
                'locale', c.default_language, 'issuer', jsonb_build_object('name', coalesce(c.legal_name, c.name), 'address', c.legal_address,
                  'registrationNumber', c.registration_number, 'taxCode', c.tax_code, 'bankName', c.bank_name,
                  'bankAccount', c.bank_account, 'swift', c.swift, 'iban', c.iban, 'phone', c.phone, 'email', c.email),
                'condo', jsonb_build_object('name', k.name, 'address', k.address)))
            from condo.condos k join condo.companies c on c.id = k.company_id
            where k.id = \(condo) and k.deleted_at is null
            """)
    }

    /// Refused by billing_runs_one_open while another one for the condo and month is under way.
    static func queue(_ run: BillingRun) -> Command {
        Command(
            """
            insert into condo.billing_runs (id, created_at, condo_id, period, unit_ids, started_by, currency, units)
            select \(run.id), \(run.createdAt), \(run.condoId), \(run.period), \(run.unitIds), \(run.startedBy),
              \(run.total.currency.code), count(*)
            from condo.units u where \(billed(run))
            """)
    }

    private static func billed(_ run: BillingRun) -> SQL {
        let chosen: SQL = run.unitIds.map { "and u.id = any(\($0))" } ?? .empty
        return "u.condo_id = \(run.condoId) and u.is_active and u.deleted_at is null \(chosen)"
    }

    /// Index billing_runs_one_open.
    static func open(before moment: Instant) -> Statement<ID<BillingRun>> {
        Statement(
            """
            select b.id from condo.billing_runs b where b.status in ('queued', 'running') and b.created_at < \(moment)
            order by b.id
            """)
    }

    /// Those of the units that the condo has.
    static func known(_ units: [ID<Unit>], in condo: ID<Condo>) -> Statement<ID<Unit>> {
        Statement(
            "select u.id from condo.units u where u.id = any(\(units)) and u.condo_id = \(condo) and u.deleted_at is null")
    }

    static func units(of run: BillingRun) -> Statement<ID<Unit>> {
        Statement("select u.id from condo.units u where \(billed(run)) order by u.number, u.id", .report)
    }

    /// Takes the run up, also after a crash. Units that had an invoice before are the skipped ones: all that have one,
    /// less those that this run has made.
    static func start(_ run: BillingRun) -> Command {
        Command(
            """
            update condo.billing_runs b set status = 'running',
              units = (select count(*) from condo.units u where \(billed(run))),
              skipped = greatest(0, (select count(*) from condo.units u where \(billed(run)) and exists (
                select from invoices.invoices i where i.kind = 'unit_monthly' and i.debtor_id = u.id
                  and i.period = \(run.period) and i.status <> 'cancelled')) - b.created)
            where b.id = \(run.id) and b.status in ('queued', 'running')
            """)
    }

    static func hasInvoice(_ unit: ID<Unit>, for period: Period) -> Statement<Bool> {
        Statement(
            """
            select exists (select from invoices.invoices i where i.kind = 'unit_monthly' and i.debtor_id = \(unit)
              and i.period = \(period) and i.status <> 'cancelled')
            """)
    }

    /// In the transaction that makes the unit's invoice. More than a thousand problems are not kept.
    static func advance(_ run: ID<BillingRun>, total: Int64, created: Int, problems: JSONText) -> Command {
        Command(
            """
            update condo.billing_runs set created = created + \(created), total_minor = total_minor + \(total),
              problems = case when jsonb_array_length(problems) + jsonb_array_length(\(problems)::jsonb) <= 1000
                then problems || \(problems)::jsonb else problems end
            where id = \(run)
            """)
    }

    static func finish(_ run: ID<BillingRun>, as status: BillingRunStatus, at moment: Instant) -> Command {
        Command(
            """
            update condo.billing_runs set status = \(status), finished_at = \(moment),
              problems = coalesce((select jsonb_agg(distinct p) from jsonb_array_elements(problems) p), '[]')
            where id = \(run) and status in ('queued', 'running')
            """)
    }

    /// Active condos, made before this month, that have no run for the month before: the first of the month, or a slot
    /// that was missed.
    static func due(at moment: Instant) -> Statement<ID<Condo>> {
        Statement(
            """
            select k.id from condo.condos k join condo.companies c on c.id = k.company_id
            cross join lateral (select
              date_trunc('month', \(moment) at time zone coalesce(k.timezone, c.timezone)) as first) m
            where k.is_active and k.deleted_at is null and c.deleted_at is null
              and k.created_at < m.first at time zone coalesce(k.timezone, c.timezone)
              and not exists (select from condo.billing_runs b
                where b.condo_id = k.id and b.period = (m.first - interval '1 month')::date and b.unit_ids is null)
            order by k.id
            """, .report)
    }
}
