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

    /// Newest first. Indexes `payment_invoices_pkey`, `payment_invoices_of_user`, `payment_invoices_of_provider`.
    ///
    /// - Parameter reach: of how many of the newest it is asked where they stand, which no index knows.
    static func page(_ query: StaffPaymentQuery, _ page: Slice, reach: Int) -> Statement<StaffPayment> {
        Statement(
            """
            select i.id, i.user_id, i.provider, i.amount, i.stars_amount, \(InvoiceQueries.status), i.payment_id,
                   coalesce(attempt.provider_order_id, attempt.provider_payment_id), attempt.provider_payment_id, i.created_at,
                   p.expires_at, p.succeeded_at,
                   (select max(r.updated_at) from payments.refunds r where r.payment_id = p.id and r.status = 'succeeded')
              from \(found(query, reach))
              left join lateral (
                select a.provider_order_id, a.provider_payment_id from payments.attempts a
                 where a.payment_id = p.id order by a.number desc limit 1) attempt on true
             where \(standing(query)) order by i.id desc limit \(page.limit) offset \(page.offset)
            """)
    }

    /// - Parameter reach: how many are counted.
    static func count(_ query: StaffPaymentQuery, reach: Int) -> Statement<Int> {
        Statement("select count(*) from \(found(query, reach)) where \(standing(query))")
    }

    /// The newest invoices of whom and through whom it is asked, each with its payment.
    private static func found(_ query: StaffPaymentQuery, _ reach: Int) -> SQL {
        var sql: SQL = "true"
        if let user = query.user { sql = "\(sql) and n.user_id = \(user)" }
        if let provider = query.provider { sql = "\(sql) and n.provider = \(provider)" }
        return """
            (select n.* from urgent.payment_invoices n where \(sql) order by n.id desc limit \(reach)) i
              left join payments.payments p on p.id = i.payment_id
            """
    }

    private static func standing(_ query: StaffPaymentQuery) -> SQL {
        query.status.map { "\(InvoiceQueries.status) = \($0)" } ?? "true"
    }

    static var samples: [StatementSample] {
        let query = StaffPaymentQuery(status: .paid, provider: "", user: 1, limit: 1, offset: 0)
        return [
            StatementSample("urgent: returnable invoice", invoice(1)),
            StatementSample("urgent: returnable invoice of a payment", invoice(ofPayment: .zero)),
            StatementSample("urgent: payments for staff", page(query, Slice(), reach: 1)),
            StatementSample("urgent: payments for staff, counted", count(query, reach: 1)),
        ]
    }
}
