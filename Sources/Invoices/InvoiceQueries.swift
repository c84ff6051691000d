import Postgres
import Service
import Values

/// The SQL that changes invoices; lists and the single read stand in `InvoiceQueries+Reads.swift`.
enum InvoiceQueries {
    /// What `Invoice` reads, in its order.
    static let columns: SQL = """
        i.id, i.created_at, i.updated_at, i.series, i.number, i.kind, i.product, i.issuer_type, i.issuer_id,
        i.debtor_type, i.debtor_id, i.scope_type, i.scope_id, i.object_type, i.object_id, i.period, i.issued_on,
        i.currency, i.subtotal, i.tax, i.status, i.total, i.paid, i.due_on, i.taxes, i.description, i.notes,
        i.cancelled_at, i.cancel_reason,
        i.snapshot #>> '{issuer,name}', i.snapshot #>> '{debtor,name}', i.snapshot -> i.scope_type ->> 'name'
        """

    /// A draft with its lines. No row when a live invoice of this kind for this debtor and period, or for this object,
    /// is there already; else the day on which it is due.
    static func insert(
        _ id: ID<Invoice>, _ draft: NewInvoice, kind: InvoiceKind, totals: InvoiceTotals, lines: ItemColumns,
        now: Instant
    ) -> Statement<Day> {
        let snapshot: SQL = draft.debtorName.map {
            "\(draft.snapshot)::jsonb || jsonb_build_object('debtor', jsonb_build_object('name', \($0)::text))"
        } ?? "\(draft.snapshot)"
        return Statement(
            """
            with invoice as (
                insert into invoices.invoices (
                    id, created_at, updated_at, series, kind, product, issuer_type, issuer_id, debtor_type, debtor_id,
                    scope_type, scope_id, object_type, object_id, period, time_zone, due_on, currency, subtotal, tax,
                    total, taxes, description, notes, snapshot)
                values (
                    \(id), \(now), \(now), \(kind.series), \(kind.name), \(kind.product),
                    \(draft.parties.issuer.type.name), \(draft.parties.issuer.id),
                    \(draft.parties.debtor.type.name), \(draft.parties.debtor.id),
                    \(draft.parties.scope.type.name), \(draft.parties.scope.id),
                    \(draft.object?.type.name), \(draft.object?.id), \(draft.period), \(draft.timeZone),
                    coalesce(\(draft.dueOn), (\(now) at time zone \(draft.timeZone)::text)::date + \(kind.dueDays)::int),
                    \(draft.currency), \(totals.subtotal), \(totals.tax), \(totals.total), \(lines.taxes),
                    \(draft.description), \(draft.notes), \(snapshot))
                on conflict do nothing
                returning id, due_on
            ), lines as (
                insert into invoices.items (
                    id, invoice_id, position, description, quantity, unit_price, amount, tax_rate, source, is_estimate)
                select l.id, i.id, l.position, l.description, l.quantity, l.unit_price, l.amount,
                       nullif(l.tax_rate, '')::numeric, nullif(l.source, ''), l.is_estimate
                  from invoice i cross join \(lines.table)
            )
            select due_on from invoice
            """)
    }

    /// The lines of a draft, anew. The old ones are deleted by `deleteItems` in the same round trip.
    static func insertItems(_ lines: ItemColumns, of id: ID<Invoice>) -> Command {
        Command(
            """
            insert into invoices.items (
                id, invoice_id, position, description, quantity, unit_price, amount, tax_rate, source, is_estimate)
            select l.id, \(id), l.position, l.description, l.quantity, l.unit_price, l.amount,
                   nullif(l.tax_rate, '')::numeric, nullif(l.source, ''), l.is_estimate
              from \(lines.table)
            """)
    }

    static func deleteItems(of id: ID<Invoice>) -> Command {
        Command("delete from invoices.items where invoice_id = \(id)")
    }

    /// Days after issue on which a debtor is reminded for the first time, at five past ten (0-platform, 4.7 and 5.2).
    private static let reminderDays = 14

    /// Issues a draft under the next number of its series and year; no row, and no number used, when it is no draft. The
    /// counter's row stays locked until the transaction ends, and a rollback gives the number back. The status follows
    /// the rule of `InvoiceState`, with nothing paid.
    static func issue(_ id: ID<Invoice>, of kind: InvoiceKind, now: Instant) -> Statement<IssuedInvoice> {
        Statement(
            """
            with target as (
                select i.id, i.series, (\(now) at time zone i.time_zone)::date as today,
                       case when i.currency = 'INR' and \(kind.followsIndia)::boolean then 3 else 0 end as months
                  from invoices.invoices i where i.id = \(id) and i.status = 'draft' for update
            ), counter as (
                insert into invoices.counters as c (series, year, value)
                select t.series, extract(year from t.today - make_interval(months => t.months))::int, 1 from target t
                on conflict (series, year) do update set value = c.value + 1
                returning c.year, c.value
            )
            update invoices.invoices i
               set status = case when i.total = 0 then 'paid' when i.due_on < t.today then 'overdue' else 'issued' end,
                   issued_on = t.today, updated_at = \(now),
                   number = i.series || '-' || c.year || '-'
                       || lpad(c.value::text, greatest(\(kind.digits)::int, length(c.value::text)), '0'),
                   next_reminder_at = ((t.today + \(reminderDays)::int)::timestamp + interval '10 hours 5 minutes')
                       at time zone i.time_zone
              from target t cross join counter c
             where i.id = t.id
            returning i.number, i.status, i.total, i.paid, i.due_on
            """)
    }

    /// The invoice, locked, and today in its issuer's zone.
    static func lock(_ id: ID<Invoice>, now: Instant) -> Statement<LockedInvoice> {
        Statement(
            """
            select \(columns), (\(now) at time zone i.time_zone)::date
              from invoices.invoices i where i.id = \(id) for update
            """)
    }

    /// An invoice that money has come for and the debtor's other open ones in its currency, locked in ascending id, so
    /// that two payments of one debtor never wait for each other in a circle. Index `invoices_open_debtor`.
    static func lockForMoney(_ id: ID<Invoice>, now: Instant) -> Statement<LockedInvoice> {
        Statement(
            """
            select \(columns), (\(now) at time zone i.time_zone)::date
              from invoices.invoices i
              join invoices.invoices target on target.id = \(id)
             where i.id = target.id
                or (i.debtor_id = target.debtor_id and i.currency = target.currency and i.issuer_id is not distinct from target.issuer_id
                    and i.status in ('issued', 'partially_paid', 'overdue'))
             order by i.id
               for update of i
            """)
    }

    static func save(_ state: InvoiceState, of id: ID<Invoice>, now: Instant) -> Command {
        Command(
            """
            update invoices.invoices set status = \(state.status), paid = \(state.paid), updated_at = \(now)
             where id = \(id)
            """)
    }

    static func cancel(_ id: ID<Invoice>, state: InvoiceState, reason: String, now: Instant) -> Command {
        Command(
            """
            update invoices.invoices
               set status = \(state.status), cancelled_at = \(now), cancel_reason = \(reason), updated_at = \(now)
             where id = \(id)
            """)
    }

    static func revise(_ id: ID<Invoice>, _ revision: InvoiceRevision, now: Instant) -> Command {
        Command(
            """
            update invoices.invoices
               set status = \(revision.state.status), due_on = \(revision.state.dueOn), subtotal = \(revision.subtotal),
                   tax = \(revision.tax), total = \(revision.state.total), taxes = \(revision.taxes),
                   description = \(revision.description), notes = \(revision.notes), updated_at = \(now)
             where id = \(id)
            """)
    }

    static func delete(_ id: ID<Invoice>) -> Command {
        Command("delete from invoices.invoices where id = \(id) and status = 'draft'")
    }

    static func allocate(_ amount: Int64, of payment: UUID, to id: ID<Invoice>, now: Instant) -> Command {
        Command(
            """
            insert into invoices.allocations (invoice_id, payment_id, amount, created_at)
            values (\(id), \(payment), \(amount), \(now))
            """)
    }

    /// The invoices that one payment has given to, locked in ascending id. Index `allocations_payment`.
    static func lockGiven(by payment: UUID, now: Instant) -> Statement<GivenShare> {
        Statement(
            """
            select \(columns), (\(now) at time zone i.time_zone)::date, a.amount
              from invoices.allocations a join invoices.invoices i on i.id = a.invoice_id
             where a.payment_id = \(payment) and a.reversed_at is null
             order by i.id for update of i
            """)
    }

    /// Less than all of it makes the allocation smaller; all of it marks the allocation as reversed.
    static func takeBack(_ part: Int64, of payment: UUID, from id: ID<Invoice>, now: Instant) -> Command {
        Command(
            """
            update invoices.allocations
               set amount = case when amount > \(part) then amount - \(part) else amount end,
                   reversed_at = case when amount > \(part) then null else \(now) end
             where invoice_id = \(id) and payment_id = \(payment) and reversed_at is null
            """)
    }

    /// Marks what is past its due day in the issuer's zone, a bounded number at a time. Index `invoices_open_due`; the
    /// widest zone is 14 hours ahead of UTC, so nothing due from tomorrow on needs a look.
    static func markOverdue(now: Instant, limit: Int) -> Statement<Invoice> {
        Statement(
            """
            with late as (
                select id from invoices.invoices
                 where status in ('issued', 'partially_paid') and due_on <= (\(now) at time zone 'UTC')::date
                   and due_on < (\(now) at time zone time_zone)::date
                 order by due_on, id limit \(limit) for update skip locked
            )
            update invoices.invoices i set status = 'overdue', updated_at = \(now)
              from late where i.id = late.id
            returning \(columns)
            """)
    }
}
