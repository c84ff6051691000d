import Postgres
import Values

/// The SQL of invoices: what the platform has of their payments is read, and nowhere kept twice.
enum InvoiceQueries {
    /// Where an invoice `i` stands, by its payment `p`, which may not be there (yet).
    static let status: SQL = """
        case when p.id is null then case when i.created_at < now() - interval '30 minutes' then 'expired' else 'created' end
             when p.status = 'created' then 'created'
             when p.status in ('pending', 'authorized', 'unknown') then 'pending'
             when p.status in ('succeeded', 'partially_refunded') then 'paid'
             when p.status in ('refunded', 'expired') then p.status
             else 'failed' end
        """

    private static let columns: SQL = """
        i.id, i.user_id, u.account_id, i.payment_id, i.provider, i.amount, i.stars_amount
        """

    /// Nothing for a key that its owner has used before (payment_invoices_key).
    static func insert(
        _ user: Int, payment: UUID, _ method: PaymentMethod, amount: Int, stars: Int?, key: String?
    ) -> Statement<PaymentInvoice> {
        Statement(
            """
            with i as (
                insert into urgent.payment_invoices (user_id, payment_id, provider, amount, stars_amount, idempotency_key)
                values (\(user), \(payment), \(method), \(amount), \(stars), \(key))
                on conflict (user_id, idempotency_key) do nothing
                returning *
            )
            select i.id, i.user_id, u.account_id, i.payment_id, i.provider, i.amount, i.stars_amount
              from i join urgent.users u on u.id = i.user_id
            """)
    }

    /// payment_invoices_key
    static func invoice(of user: Int, key: String) -> Statement<PaymentInvoice> {
        Statement(
            """
            select \(columns) from urgent.payment_invoices i join urgent.users u on u.id = i.user_id
             where i.user_id = \(user) and i.idempotency_key = \(key)
            """)
    }

    /// payment_invoices_payment
    static func invoice(ofPayment id: UUID) -> Statement<PaymentInvoice> {
        Statement(
            """
            select \(columns) from urgent.payment_invoices i join urgent.users u on u.id = i.user_id
             where i.payment_id = \(id)
            """)
    }

    /// payment_invoices_pkey
    static func standing(_ id: Int, of user: Int) -> Statement<PaymentStanding> {
        Statement(
            """
            select i.id, i.amount, \(status), (a.balance / 100)::bigint
              from urgent.payment_invoices i join urgent.users u on u.id = i.user_id
              join payments.accounts a on a.id = u.wallet_id
              left join payments.payments p on p.id = i.payment_id
             where i.id = \(id) and i.user_id = \(user)
            """)
    }

    /// Who has the wallet now that a payment fills; nobody where its account has no Telegram any more. Indexes `payments_pkey`,
    /// `users_account`, `accounts_pkey`.
    static func holder(ofPayment id: UUID) -> Statement<WalletHolder> {
        Statement(
            """
            select h.id, (a.balance / 100)::bigint
              from payments.payments p
              join urgent.users h on h.account_id = p.payee_id and h.left_at is null
              join payments.accounts a on a.id = h.wallet_id
             where p.id = \(id)
            """)
    }

    /// The account that whoever began a payment has now, and keeps until the transaction ends. Indexes `payment_invoices_payment`,
    /// `users_pkey`.
    static func payersAccount(of payment: UUID) -> Statement<UUID> {
        Statement(
            """
            select u.account_id from urgent.payment_invoices i join urgent.users u on u.id = i.user_id
             where i.payment_id = \(payment) and u.left_at is null for share of u
            """)
    }

    /// Where the invoices of some payments stand, with who has the wallets now that they fill. Indexes `payment_invoices_payment`,
    /// `payments_pkey`, `users_account`, `accounts_pkey`.
    static func news(of payments: [UUID]) -> Statement<InvoiceNews> {
        Statement(
            """
            select i.payment_id, i.user_id, i.id, i.amount, \(status), (a.balance / 100)::bigint, h.id, (w.balance / 100)::bigint
              from urgent.payment_invoices i join urgent.users u on u.id = i.user_id
              join payments.accounts a on a.id = u.wallet_id
              left join payments.payments p on p.id = i.payment_id
              left join urgent.users h on h.account_id = p.payee_id and h.left_at is null
              left join payments.accounts w on w.id = h.wallet_id
             where i.payment_id = any(\(payments)::uuid[])
            """)
    }

    static var samples: [StatementSample] {
        [
            StatementSample(
                "urgent: new invoice", insert(1, payment: .zero, .yookassa, amount: 1, stars: nil, key: nil)),
            StatementSample("urgent: invoice of a key", invoice(of: 1, key: "")),
            StatementSample("urgent: invoice of a payment", invoice(ofPayment: .zero)),
            StatementSample("urgent: standing of an invoice", standing(1, of: 1)),
            StatementSample("urgent: holder of a wallet", holder(ofPayment: .zero)),
            StatementSample("urgent: account of a payer", payersAccount(of: .zero)),
            StatementSample("urgent: news of invoices", news(of: [])),
        ]
    }
}

/// Somebody with what he has, in whole roubles.
struct WalletHolder: Row {
    let id: Int
    let balance: Int

    init(id: Int, balance: Int) { (self.id, self.balance) = (id, balance) }

    init(_ row: inout RowReader) throws {
        id = try row.next()
        balance = try row.next()
    }
}
