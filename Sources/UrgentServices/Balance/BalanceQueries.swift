import Postgres
import Values

/// The SQL of balances: read from the ledger, in which alone they are kept.
enum BalanceQueries {
    /// users_pkey, accounts_pkey
    static func balance(of user: Int) -> Statement<Int> {
        Statement(
            """
            select (a.balance / 100)::bigint
              from urgent.users u join payments.accounts a on a.id = u.wallet_id where u.id = \(user)
            """)
    }

    /// Newest first; whose order a movement was says its key. Indexes `entries_account`, `transactions_pkey`,
    /// `payment_invoices_payment`, `payments_pkey`.
    static func movements(of user: Int, _ query: MovementQuery, _ page: Slice) -> Statement<BalanceMovement> {
        Statement(
            """
            select e.id, t.kind, (e.amount / 100)::bigint, (e.balance_after / 100)::bigint,
                   case when t.kind in ('urgent_take', 'urgent_refund') then split_part(t.idempotency_key, ':', 3) end, i.id,
                   coalesce(i.provider, p.provider), nullif(t.description, ''), t.at
              from payments.entries e
              join payments.transactions t on t.id = e.transaction_id
              left join urgent.payment_invoices i on t.object_type = 'payment' and i.payment_id = t.object_id
              left join payments.payments p on t.object_type = 'payment' and p.id = t.object_id
             where e.account_id = (select u.wallet_id from urgent.users u where u.id = \(user)) \(ofType(query))
             order by e.id desc limit \(page.limit) offset \(page.offset)
            """)
    }

    /// - Parameter reach: how many are counted.
    static func count(of user: Int, _ query: MovementQuery, reach: Int) -> Statement<Int> {
        let transactions: SQL = query.type == nil ? .empty : "join payments.transactions t on t.id = e.transaction_id"
        return Statement(
            """
            select count(*) from (
                select from urgent.users u join payments.entries e on e.account_id = u.wallet_id \(transactions)
                 where u.id = \(user) \(ofType(query)) limit \(reach)) f
            """)
    }

    private static func ofType(_ query: MovementQuery) -> SQL { query.type.map { "and \($0.condition)" } ?? .empty }

    /// The movement of a wallet that was written under a key (transactions_key_unique).
    static func movement(_ key: String, of account: UUID) -> Statement<KeyedMovement> {
        Statement(
            """
            select e.id, (e.amount / 100)::bigint, (e.balance_after / 100)::bigint
              from payments.transactions t join payments.entries e on e.transaction_id = t.id
             where t.idempotency_key = \(key) and e.account_id = \(account)
            """)
    }

    /// What of a payment was taken out of a wallet again, and what is in the wallet, in kopecks. The wallet stays locked.
    /// Indexes `transactions_object`, `entries_transaction`, `accounts_pkey`.
    static func returned(of payment: UUID, from wallet: UUID) -> Statement<WalletStanding> {
        Statement(
            """
            select coalesce((select -sum(e.amount) from payments.transactions t join payments.entries e on e.transaction_id = t.id
                              where t.object_id = \(payment) and t.kind = 'payment_refund' and e.account_id = a.id), 0)::bigint,
                   a.balance
              from payments.accounts a where a.id = \(wallet) for no key update of a
            """)
    }

    static var samples: [StatementSample] {
        let query = MovementQuery(type: .refund, limit: 1, offset: 0)
        return [
            StatementSample("urgent: balance", balance(of: 1)),
            StatementSample("urgent: movements", movements(of: 1, MovementQuery(type: nil, limit: 1, offset: 0), Slice())),
            StatementSample("urgent: movements of a type", movements(of: 1, query, Slice())),
            StatementSample("urgent: count of movements", count(of: 1, query, reach: 1)),
            StatementSample("urgent: count of all movements", count(of: 1, MovementQuery(type: nil, limit: 1, offset: 0), reach: 1)),
            StatementSample("urgent: movement of a key", movement("", of: .zero)),
            StatementSample("urgent: what was returned", returned(of: .zero, from: .zero)),
        ]
    }
}

/// What has gone out of a wallet for a payment, and what is in it; kopecks.
struct WalletStanding: Row {
    let taken: Int64
    let balance: Int64

    init(_ row: inout RowReader) throws {
        taken = try row.next()
        balance = try row.next()
    }
}

/// What a movement was and left.
struct KeyedMovement: Row {
    let id: Int
    let amount: Int
    let balance: Int

    init(_ row: inout RowReader) throws {
        id = try row.next()
        amount = try row.next()
        balance = try row.next()
    }
}
