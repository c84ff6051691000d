import Postgres
import Service
import Values

/// The SQL of the ledger. Nothing here updates or deletes: balances move by a trigger, with the entries.
enum LedgerQueries {
    /// Opens the accounts that are not there yet, in ascending id.
    static func open(_ accounts: [LedgerAccount]) -> Command {
        Command(
            """
            insert into payments.accounts (id, owner_type, owner_id, code, unit, is_wallet, floor)
            select a.id, a.owner_type, nullif(a.owner_id, '')::uuid, a.code, a.unit, a.is_wallet,
                   nullif(a.floor, '')::bigint
              from unnest(
                \(accounts.map(\.id)), \(accounts.map(\.owner.type.name))::text[],
                \(accounts.map { $0.owner.id?.description ?? "" })::text[], \(accounts.map(\.code))::text[],
                \(accounts.map(\.unit))::text[], \(accounts.map(\.isWallet)),
                \(accounts.map { $0.floor?.description ?? "" })::text[]
              ) as a (id, owner_type, owner_id, code, unit, is_wallet, floor)
             order by a.id
            on conflict do nothing
            """)
    }

    /// Whoever posts holds his accounts before an entry is numbered: each entry tells what its account has after it.
    static func lock(_ accounts: [UUID]) -> Command {
        Command("select from payments.accounts where id = any(\(accounts)) order by id for no key update")
    }

    /// Writes transactions with their entries, those left out whose keys have been used. The caller holds the accounts.
    static func post(_ transactions: [NewTransaction], now: Instant) -> Command {
        let all = transactions.map { (id: UUID.v7(), new: $0) }
        let sides = all.flatMap { one in
            one.new.postings.filter { $0.amount != 0 }.map { (transaction: one.id, account: $0.account.id, amount: Int($0.amount)) }
        }
        return Command(
            """
            with written as (
                insert into payments.transactions (
                    id, kind, product, object_type, object_id, idempotency_key, description, reverses, created_by, at)
                select t.id, t.kind, t.product, nullif(t.object_type, ''), nullif(t.object_id, '')::uuid, t.key, t.description,
                       nullif(t.reverses, '')::uuid, nullif(t.created_by, '')::uuid, \(now)
                  from unnest(
                    \(all.map(\.id)), \(all.map(\.new.kind))::text[], \(all.map(\.new.product))::text[],
                    \(all.map { $0.new.object?.type.name ?? "" })::text[],
                    \(all.map { $0.new.object?.id?.description ?? "" })::text[],
                    \(all.map(\.new.idempotencyKey))::text[], \(all.map(\.new.description))::text[],
                    \(all.map { $0.new.reverses?.description ?? "" })::text[],
                    \(all.map { $0.new.createdBy?.description ?? "" })::text[]
                  ) as t (id, kind, product, object_type, object_id, key, description, reverses, created_by)
                on conflict (idempotency_key) do nothing
                returning id
            )
            insert into payments.entries (transaction_id, account_id, amount, balance_after)
            select w.id, p.account_id, p.amount,
                   a.balance + (sum(p.amount) over (partition by p.account_id order by p.place))::bigint
              from unnest(
                \(sides.map(\.transaction)), \(sides.map(\.account)), \(sides.map(\.amount))::bigint[]
              ) with ordinality as p (transaction_id, account_id, amount, place)
              join written w on w.id = p.transaction_id
              join payments.accounts a on a.id = p.account_id
             order by p.account_id, p.place
            """)
    }

    /// Accounts whose balance is not the sum of their entries, and transactions that do not sum to zero: none, unless
    /// somebody went behind the program's back.
    static var differences: Statement<LedgerDifference> {
        Statement(
            """
            select 'account' as kind, a.id, a.balance - coalesce(sum(e.amount), 0)::bigint as difference
              from payments.accounts a left join payments.entries e on e.account_id = a.id
             group by a.id having a.balance <> coalesce(sum(e.amount), 0)
            union all
            select 'transaction', e.transaction_id, sum(e.amount)::bigint
              from payments.entries e join payments.accounts a on a.id = e.account_id
             group by e.transaction_id, a.unit having sum(e.amount) <> 0
             limit 100
            """, .report)
    }

    /// A hold, by its key and the wallet it is on. Index `transactions_key_unique`.
    static func hold(_ key: String, of wallet: UUID) -> Statement<HoldRow> {
        Statement(
            """
            select t.id, -e.amount from payments.transactions t join payments.entries e on e.transaction_id = t.id
             where t.idempotency_key = \(key) and t.kind = 'hold' and e.account_id = \(wallet)
            """)
    }

    /// Holds by their keys, with what has become of them. Indexes `transactions_key_unique`, `entries_transaction`,
    /// `transactions_reverses_unique`.
    static func holds(_ keys: [String]) -> Statement<KnownHold> {
        Statement(
            """
            select t.id, t.idempotency_key, a.owner_type, a.owner_id, a.unit, -e.amount, r.id, r.kind
              from payments.transactions t
              join payments.entries e on e.transaction_id = t.id and e.amount < 0
              join payments.accounts a on a.id = e.account_id
              left join payments.transactions r on r.reverses = t.id
             where t.idempotency_key = any(\(keys)::text[]) and t.kind = 'hold'
             order by t.id
            """)
    }

    // MARK: Reading

    static let accountColumns: SQL = """
        a.id, a.owner_type, a.owner_id, a.code, a.unit, a.is_wallet, a.floor, a.balance, a.created_at
        """

    static func accounts(
        _ filter: AccountFilter, besides denied: [UUID] = [], _ page: PageRequest
    ) -> Statement<AccountRow> {
        Statement(
            """
            select \(accountColumns) from payments.accounts a
             where \(condition(filter, denied)) order by a.owner_type, a.owner_id, a.code, a.unit, a.id
             limit \(page.limit) offset \(page.offset)
            """)
    }

    static func countAccounts(_ filter: AccountFilter, besides denied: [UUID] = []) -> Statement<Int> {
        Statement("select count(*) from payments.accounts a where \(condition(filter, denied))")
    }

    /// Index `accounts_pkey`.
    static func accounts(_ ids: [UUID]) -> Statement<AccountRow> {
        Statement("select \(accountColumns) from payments.accounts a where a.id = any(\(ids))")
    }

    static func account(_ id: UUID) -> Statement<AccountRow> {
        Statement("select \(accountColumns) from payments.accounts a where a.id = \(id)")
    }

    /// Newest first. Index `entries_account`.
    static func entries(of account: UUID, before: Int?, limit: Int) -> Statement<EntryRow> {
        let earlier: SQL = before.map { "and e.id < \($0)" } ?? .empty
        return Statement(
            """
            select e.id, e.transaction_id, e.amount, e.balance_after, t.kind, t.product, t.object_type, t.object_id,
                   t.description, t.at
              from payments.entries e join payments.transactions t on t.id = e.transaction_id
             where e.account_id = \(account) \(earlier)
             order by e.id desc limit \(limit)
            """)
    }

    static func wallets(of owners: [UUID], _ page: PageRequest) -> Statement<AccountRow> {
        Statement(
            """
            select \(accountColumns) from payments.accounts a
             where a.is_wallet and a.owner_id = any(\(owners)) order by a.id limit \(page.limit) offset \(page.offset)
            """)
    }

    static func countWallets(of owners: [UUID]) -> Statement<Int> {
        Statement("select count(*) from payments.accounts a where a.is_wallet and a.owner_id = any(\(owners))")
    }

    /// Sums of the payments whose money is the owner's, from the payments themselves, and his accounts as they stand. What
    /// of a commission went back with a refund only the book says. Indexes `payments_payee`, `refunds_payment`,
    /// `transactions_object`, `entries_transaction`, `accounts_unique`.
    static func balance(of owner: Scope, _ currency: Currency, from: Instant, to: Instant) -> Statement<BalanceRow> {
        Statement(
            """
            with mine as (
                select e.amount, t.kind, a.code
                  from payments.accounts a
                  join payments.entries e on e.account_id = a.id
                  join payments.transactions t on t.id = e.transaction_id
                 where a.owner_type = \(owner.type.name) and a.owner_id is not distinct from \(owner.id)
                   and a.unit = \(currency.code) and t.at >= \(from) and t.at < \(to)
            ), paid as (
                select coalesce(sum(p.captured), 0) as captured, coalesce(sum(p.commission), 0) as commission
                  from payments.payments p
                 where p.payee_type = \(owner.type.name) and p.payee_id is not distinct from \(owner.id)
                   and p.currency = \(currency) and p.succeeded_at >= \(from) and p.succeeded_at < \(to)
            ), returned as (
                select coalesce(sum(r.amount), 0) as amount, coalesce(-sum(c.amount), 0) as commission
                  from payments.refunds r join payments.payments p on p.id = r.payment_id
                  left join payments.transactions t
                    on t.object_type = 'refund' and t.object_id = r.id and t.kind = 'refund'
                  left join payments.entries c
                    on c.transaction_id = t.id and c.account_id = \(LedgerAccount.commission(currency).id)
                 where p.payee_type = \(owner.type.name) and p.payee_id is not distinct from \(owner.id)
                   and p.currency = \(currency) and r.status = 'succeeded'
                   and r.updated_at >= \(from) and r.updated_at < \(to)
            ), unused as (
                select coalesce(sum(r.amount), 0) as amount
                  from payments.refunds r join payments.payments p on p.id = r.payment_id
                 where p.payee_type = \(owner.type.name) and p.payee_id is not distinct from \(owner.id)
                   and p.currency = \(currency) and r.is_unused and r.status <> 'succeeded'
            ), standing as (
                select a.code, sum(a.balance) as balance from payments.accounts a
                 where a.owner_type = \(owner.type.name) and a.owner_id is not distinct from \(owner.id)
                   and a.unit = \(currency.code)
                 group by a.code
            )
            select (select captured from paid)::bigint,
                   (select amount from returned)::bigint,
                   (select commission from paid)::bigint,
                   coalesce((select -sum(amount) from mine where kind = 'payout' and code = 'payable'), 0)::bigint,
                   coalesce((select -sum(amount) from mine where kind = 'payout_deduction' and code = 'payable'), 0)::bigint,
                   coalesce((select balance from standing where code = 'payable'), 0)::bigint,
                   coalesce((select balance from standing where code = 'commission_due'), 0)::bigint,
                   (select commission from returned)::bigint,
                   coalesce((select balance from standing where code = 'collected'), 0)::bigint,
                   (select amount from unused)::bigint
            """, .report)
    }

    private static func condition(_ filter: AccountFilter, _ denied: [UUID]) -> SQL {
        var condition: SQL = denied.isEmpty ? "true" : "(a.owner_id = any(\(denied))) is not true"
        if let owner = filter.ownerID { condition = "\(condition) and a.owner_id = \(owner)" }
        if let type = filter.ownerType { condition = "\(condition) and a.owner_type = \(type)" }
        if let unit = filter.unit { condition = "\(condition) and a.unit = \(unit)" }
        if let code = filter.code { condition = "\(condition) and a.code = \(code)" }
        return condition
    }
}
