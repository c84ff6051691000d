import JSON
import Postgres
import Service
import Values

extension InvoiceQueries {
    /// Invoices with their lines and what was paid, in one statement: the hot read. Lines and payments come as arrays
    /// by column; the payments' subquery is not entered for an invoice on which nothing has been paid.
    static func details(_ ids: [ID<Invoice>]) -> Statement<Placed<InvoiceDetail>> {
        Statement(
            """
            select g.place, \(columns),
                   l.ids, l.descriptions, l.quantities, l.prices, l.amounts, l.tax_rates, l.sources, l.estimates,
                   p.ids, p.references, p.amounts, p.statuses, p.methods, p.receipts, p.instants
              from unnest(\(ids)) with ordinality g(id, place)
              join invoices.invoices i on i.id = g.id
             cross join lateral (
                select array_agg(t.id) as ids, array_agg(t.description) as descriptions,
                       array_agg(t.quantity) as quantities, array_agg(t.unit_price) as prices,
                       array_agg(t.amount) as amounts, array_agg(coalesce(t.tax_rate::text, '')) as tax_rates,
                       array_agg(coalesce(t.source, '')) as sources, array_agg(t.is_estimate) as estimates
                  from (select x.id, x.description, x.quantity, x.unit_price, x.amount, x.tax_rate, x.source,
                               x.is_estimate
                          from invoices.items x where x.invoice_id = i.id order by x.position) t
             ) l
             cross join lateral (
                select array_agg(t.id) as ids, array_agg(t.reference::text) as references,
                       array_agg(t.amount) as amounts, array_agg(t.status) as statuses,
                       array_agg(coalesce(t.method, '')) as methods,
                       array_agg(coalesce(t.receipt_number, '')) as receipts, array_agg(t.succeeded_at) as instants
                  from (\(paymentsOfInvoice) and i.paid > 0 order by m.id) t
             ) p
            """)
    }

    /// What payments gave to one invoice; those whose money went back wholly are left out. Payments owns the table; it
    /// is read here because the invoice and its payments are one answer.
    private static let paymentsOfInvoice: SQL = """
        select m.id, m.reference, a.amount, m.status, m.method, m.receipt_number, m.succeeded_at
          from invoices.allocations a join payments.payments m on m.id = a.payment_id
         where a.invoice_id = i.id and a.reversed_at is null
        """

    /// What was frozen with an invoice to be printed.
    static func snapshot(_ id: ID<Invoice>) -> Statement<JSONText> {
        Statement("select i.snapshot from invoices.invoices i where i.id = \(id)")
    }

    /// What a payment gave to invoices. Index `allocations_payment`.
    static func paid(by payment: UUID) -> Statement<PaidInvoice> {
        Statement(
            """
            select i.number, a.amount, i.currency, i.snapshot->'issuer'->>'name'
              from invoices.allocations a join invoices.invoices i on i.id = a.invoice_id
             where a.payment_id = \(payment) order by i.number
            """)
    }

    static func invoice(_ id: ID<Invoice>) -> Statement<Invoice> {
        Statement("select \(columns) from invoices.invoices i where i.id = \(id)")
    }

    /// What a debtor has to pay, oldest due first. Index `invoices_open_debtor`.
    static func open(of debtor: UUID) -> Statement<Invoice> {
        Statement(
            """
            select \(columns) from invoices.invoices i
             where i.debtor_id = \(debtor) and i.status in ('issued', 'partially_paid', 'overdue')
             order by i.due_on, i.id
            """)
    }

    /// Indexes `invoices_debtor`, `invoices_scope`, `invoices_scope_status`, `invoices_issuer` by the filter given,
    /// `invoices_scope_due` and `invoices_scope_period` by the order, `invoices_due` and `invoices_period` for those who see all
    /// or much, `invoices_number_search` for a part of a number.
    static func page(_ selection: InvoiceSelection, _ page: PageRequest) -> Statement<Invoice> {
        Statement(
            """
            select \(columns) from invoices.invoices i
             where \(selection.condition)
             order by \(order(page)) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ selection: InvoiceSelection) -> Statement<Int> {
        Statement("select count(*) from invoices.invoices i where \(selection.condition)")
    }

    /// The members a list may be sorted by, the first being the default. Numbers and days of issue follow the default.
    static let sortable = ["-createdAt", "dueOn", "period"]

    private static func order(_ page: PageRequest) -> SQL {
        switch (page.sort, page.isDescending) {
        // A unit's list calls it `dueDate` (1-condominiums, 3.3).
        case ("dueOn", false), ("dueDate", false): "i.due_on, i.id"
        case ("dueOn", true), ("dueDate", true): "i.due_on desc, i.id desc"
        case ("period", false): "i.period, i.id"
        case ("period", true): "i.period desc, i.id desc"
        case (_, false): "i.id"
        case (_, true): "i.id desc"
        }
    }
}
