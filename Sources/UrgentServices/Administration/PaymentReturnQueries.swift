import Postgres
import Service
import Values

/// The SQL of invoices for staff.
enum PaymentReturnQueries {
    static func invoice(_ id: Int) -> Statement<ReturnableInvoice> {
        Statement("select i.id, i.user_id, i.payment_id, p.payee_id from \(tables) where i.id = \(id)")
    }

    /// Index `payment_invoices_payment`.
    static func invoice(ofPayment id: UUID) -> Statement<ReturnableInvoice> {
        Statement("select i.id, i.user_id, i.payment_id, p.payee_id from \(tables) where i.payment_id = \(id)")
    }

    private static let tables: SQL = """
        urgent.payment_invoices i left join payments.payments p on p.id = i.payment_id
        """

    /// Newest first. Indexes `payment_invoices_pkey`, `payment_invoices_of_user`.
    static func page(_ query: StaffPaymentQuery) -> Statement<StaffPayment> {
        Statement(
            """
            select i.id, i.user_id, i.provider, i.amount, i.stars_amount, \(InvoiceQueries.status), i.payment_id,
                   coalesce(attempt.provider_order_id, attempt.provider_payment_id), attempt.provider_payment_id, i.created_at,
                   p.expires_at, p.succeeded_at,
                   (select max(r.updated_at) from payments.refunds r where r.payment_id = p.id and r.status = 'succeeded')
              from \(tables)
              left join lateral (
                select a.provider_order_id, a.provider_payment_id from payments.attempts a
                 where a.payment_id = p.id order by a.number desc limit 1) attempt on true
             where \(condition(query)) order by i.id desc limit \(query.limit) offset \(query.offset)
            """)
    }

    static func count(_ query: StaffPaymentQuery) -> Statement<Int> {
        Statement("select count(*) from \(tables) where \(condition(query))")
    }

    private static func condition(_ query: StaffPaymentQuery) -> SQL {
        var sql: SQL = "true"
        if let user = query.user { sql = "\(sql) and i.user_id = \(user)" }
        if let provider = query.provider { sql = "\(sql) and i.provider = \(provider)" }
        if let status = query.status { sql = "\(sql) and \(InvoiceQueries.status) = \(status)" }
        return sql
    }

    static var samples: [StatementSample] {
        let query = StaffPaymentQuery(status: .paid, provider: "", user: 1, limit: 1, offset: 0)
        return [
            StatementSample("urgent: returnable invoice", invoice(1)),
            StatementSample("urgent: returnable invoice of a payment", invoice(ofPayment: .zero)),
            StatementSample("urgent: payments for staff", page(query)),
            StatementSample("urgent: payments for staff, counted", count(query)),
        ]
    }
}
