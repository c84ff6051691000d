import Postgres
import Service
import Values

/// The SQL of payouts.
enum PayoutQueries {
    private static let columns: SQL = """
        o.id, o.created_at, o.updated_at, o.number, o.payee_type, o.payee_id, o.currency, o.gross, o.commission,
        o.adjustment, o.amount, o.from_on, o.to_on, o.due_on, o.items_count, o.status, o.method, o.provider_payout_id,
        o.idempotency_key, o.processed_by, o.processed_at, o.completed_at, o.failure, o.notes,
        o.approved_by, o.approved_at, o.transfer
        """

    /// Forms a payout of all that a payee has coming to him and that no other payout has: payments through providers older
    /// than the hold, what was used of them, and the refunds of payments that are or were paid out. One snapshot: a payment
    /// or refund is in one payout or in none. No row when that is less than the minimum, or more than the book owes him.
    static func form(_ new: NewPayout, number month: String, now: Instant) -> Statement<ID<Payout>> {
        Statement(
            """
            with counter as (
                insert into payments.counters as c (series, period, value) values ('PAY', \(month), 1)
                on conflict (series, period) do update set value = c.value + 1
                returning c.value
            ), paid as (
                select p.id, p.succeeded_at, p.commission,
                       p.captured - coalesce((select sum(r.amount) from payments.refunds r
                                               where r.payment_id = p.id and r.is_unused), 0)::bigint as amount
                  from payments.payments p
                 where p.payee_type = \(new.payee.type.name) and p.payee_id = \(new.payee.id) and p.currency = \(new.currency)
                   and p.succeeded_at <= \(new.until) and p.provider <> 'manual' and p.disputed_at is null
                   and not exists (select from payments.payout_items i where i.object_id = p.id and i.released_at is null)
            ), returned as (
                select r.id, r.updated_at, -r.amount as amount, coalesce(e.amount, 0)::bigint as commission
                  from payments.refunds r join payments.payments p on p.id = r.payment_id
                  left join payments.transactions t
                    on t.object_type = 'refund' and t.object_id = r.id and t.kind = 'refund'
                  left join payments.entries e
                    on e.transaction_id = t.id and e.account_id = \(LedgerAccount.commission(new.currency).id)
                 where p.payee_type = \(new.payee.type.name) and p.payee_id = \(new.payee.id) and p.currency = \(new.currency)
                   and p.provider <> 'manual' and r.status = 'succeeded' and not r.is_unused
                   and (p.id in (select id from paid) or exists (
                        select from payments.payout_items i where i.object_id = p.id and i.released_at is null))
                   and not exists (select from payments.payout_items i where i.object_id = r.id and i.released_at is null)
            ), items as (
                select 'payment' as type, id, amount, commission, succeeded_at as at from paid where amount > 0
                union all
                select 'refund', id, amount, commission, updated_at from returned
            ), sums as (
                select coalesce(sum(amount) filter (where type = 'payment'), 0)::bigint as gross,
                       coalesce(sum(commission), 0)::bigint as commission,
                       coalesce(sum(amount) filter (where type = 'refund'), 0)::bigint as adjustment,
                       coalesce(sum(amount - commission), 0)::bigint as amount,
                       count(*)::int as items, min(at) as first, max(at) as last
                  from items
            ), formed as (
                insert into payments.payouts (
                    id, created_at, updated_at, number, payee_type, payee_id, currency, gross, commission, adjustment,
                    amount, from_on, to_on, due_on, items_count, idempotency_key, notes)
                select \(new.id), \(now), \(now), 'PAY-' || \(month)::text || '-' || lpad(c.value::text, 6, '0'),
                       \(new.payee.type.name), \(new.payee.id), \(new.currency), s.gross, s.commission, s.adjustment, s.amount,
                       (s.first at time zone 'UTC')::date, (s.last at time zone 'UTC')::date, \(new.dueOn), s.items,
                       \(new.key), \(new.notes)
                  from sums s cross join counter c
                 where s.amount > 0 and s.amount >= \(new.minimum) and s.amount <= coalesce((
                        select a.balance from payments.accounts a
                         where a.id = \(LedgerAccount.payable(new.payee, new.currency).id)), 0)
                returning id
            ), written as (
                insert into payments.payout_items (payout_id, object_type, object_id, amount, commission, net)
                select f.id, i.type, i.id, i.amount, i.commission, i.amount - i.commission
                  from items i cross join formed f
            )
            select id from formed
            """, .report)
    }

    /// Whether one is under way. Index `payouts_open`.
    static func isOpen(_ payee: Scope, _ currency: Currency) -> Statement<Bool> {
        Statement(
            """
            select exists (
                select from payments.payouts o
                 where o.payee_type = \(payee.type.name) and o.payee_id = \(payee.id) and o.currency = \(currency)
                   and o.status in ('pending', 'processing'))
            """)
    }

    /// Payees of a kind to whom the book owes something. Index `accounts_unique`.
    static func owed(_ type: ScopeType, after last: UUID?, limit: Int) -> Statement<OwedPayee> {
        let later: SQL = last.map { "and a.id > \($0)" } ?? .empty
        return Statement(
            """
            select a.id, a.owner_type, a.owner_id, a.unit, a.balance from payments.accounts a
             where a.owner_type = \(type.name) and a.code = 'payable' and a.balance > 0 \(later)
             order by a.id limit \(limit)
            """, .report)
    }

    static func payout(_ id: ID<Payout>) -> Statement<Payout> {
        Statement("select \(columns) from payments.payouts o where o.id = \(id)")
    }

    static func lock(_ id: ID<Payout>) -> Statement<Payout> {
        Statement("select \(columns) from payments.payouts o where o.id = \(id) for update")
    }

    /// Newest first or last. Indexes `payouts_pkey`, `payouts_payee`, `payouts_status`.
    static func page(_ selection: PayoutSelection, _ page: PageRequest) -> Statement<Payout> {
        let order: SQL = page.isDescending ? "o.id desc" : "o.id"
        return Statement(
            """
            select \(columns) from payments.payouts o
             where \(selection.condition) order by \(order) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ selection: PayoutSelection, upTo bound: Int? = nil) -> Statement<Int> {
        let most: SQL = bound.map { "limit \($0)" } ?? .empty
        return Statement(
            "select count(*) from (select from payments.payouts o where \(selection.condition) \(most)) x")
    }

    static func exported(_ selection: PayoutSelection, after last: ID<Payout>?, limit: Int) -> Statement<Payout> {
        let later: SQL = last.map { "and o.id > \($0)" } ?? .empty
        return Statement(
            "select \(columns) from payments.payouts o where \(selection.condition) \(later) order by o.id limit \(limit)",
            .report)
    }

    /// What it is made of comes to that.
    static func net(of id: ID<Payout>) -> Statement<Int> {
        Statement("select coalesce(sum(i.net), 0)::bigint from payments.payout_items i where i.payout_id = \(id)")
    }

    static func items(of id: ID<Payout>) -> Statement<PayoutItem> {
        Statement(
            """
            select i.object_type, i.object_id, i.amount, i.commission, i.net, i.released_at from payments.payout_items i
             where i.payout_id = \(id) order by i.object_type, i.object_id limit 5000
            """)
    }

    static func save(_ state: PayoutState, of id: ID<Payout>, failure: String? = nil, now: Instant) -> Command {
        Command(
            """
            update payments.payouts
               set status = \(state.status), failure = \(failure), updated_at = \(now),
                   completed_at = case when \(state.status)::text = 'completed' then \(now)::timestamptz end
             where id = \(id)
            """)
    }

    static func process(_ id: ID<Payout>, _ change: PayoutProcessing, now: Instant) -> Command {
        Command(
            """
            update payments.payouts
               set status = 'processing', method = coalesce(\(change.method), method), processed_by = \(change.user),
                   processed_at = \(now), updated_at = \(now), failure = null, notes = coalesce(\(change.notes), notes),
                   idempotency_key = \(change.key), transfer = \(change.transfer)
             where id = \(id)
            """)
    }

    /// The first of two lets it go.
    static func approve(_ id: ID<Payout>, by user: UUID, notes: String?, now: Instant) -> Command {
        Command(
            """
            update payments.payouts
               set approved_by = \(user), approved_at = \(now), notes = coalesce(\(notes), notes), updated_at = \(now)
             where id = \(id)
            """)
    }

    /// Somebody is asked to transfer it: from now on it is looked up first.
    static func asked(_ id: ID<Payout>, now: Instant) -> Command {
        Command(
            """
            update payments.payouts set updated_at = greatest(\(now), processed_at + interval '1 millisecond')
             where id = \(id) and status = 'processing'
            """)
    }

    /// The day on which it was completed, where the payee lives.
    static func completedOn(_ id: ID<Payout>, zone: String) -> Statement<Day> {
        Statement("select (completed_at at time zone \(zone))::date from payments.payouts where id = \(id)")
    }

    static func accepted(_ id: ID<Payout>, providerID: String, now: Instant) -> Command {
        Command(
            "update payments.payouts set provider_payout_id = \(providerID), updated_at = \(now) where id = \(id)")
    }

    /// Staff decide on another amount; the difference is an adjustment. Whoever had let it go had let another one go.
    static func adjust(_ id: ID<Payout>, _ amount: Int64, reason: String, now: Instant) -> Command {
        Command(
            """
            update payments.payouts
               set amount = \(amount), adjustment = \(amount) - gross + commission, notes = \(reason), updated_at = \(now),
                   approved_by = null, approved_at = null
             where id = \(id)
            """)
    }

    static func release(_ id: ID<Payout>, now: Instant) -> Command {
        Command(
            "update payments.payout_items set released_at = \(now) where payout_id = \(id) and released_at is null")
    }

    /// Those under way that nothing was heard of for long. Index `payouts_status`.
    static func underWay(before instant: Instant, limit: Int) -> Statement<ID<Payout>> {
        Statement(
            """
            select o.id from payments.payouts o where o.status = 'processing' and o.updated_at < \(instant)
             order by o.id limit \(limit)
            """)
    }

    // MARK: Accounts

    static func account(of payee: Scope) -> Statement<PayoutAccountRow> {
        Statement(
            """
            select c.payee_type, c.payee_id, c.holder, c.bank, c.details_enc, c.last4, c.updated_at
              from payments.payout_accounts c where c.payee_type = \(payee.type.name) and c.payee_id = \(payee.id)
            """)
    }

    static func keep(_ body: PayoutAccountBody, sealed: [UInt8], now: Instant) -> Command {
        Command(
            """
            insert into payments.payout_accounts (
                payee_type, payee_id, created_at, updated_at, holder, bank, details_enc, last4)
            values (\(body.payeeType), \(body.payeeID), \(now), \(now), \(body.holder), \(body.bank), \(sealed),
                    \(String(body.details.number.suffix(4))))
            on conflict (payee_type, payee_id) do update
               set holder = excluded.holder, bank = excluded.bank, details_enc = excluded.details_enc,
                   last4 = excluded.last4, updated_at = excluded.updated_at
            """)
    }
}

extension PayoutQueries {
    static var samples: [StatementSample] {
        let now = Instant.now
        let payee = Scope("company", .zero)
        let new = NewPayout(payee: payee, currency: .eur, until: now, minimum: 1, dueOn: now.day, notes: "x")
        let selection = PayoutSelection(
            payees: [.zero], denied: [.zero],
            filter: PayoutFilter(payeeID: .zero, status: .pending, currency: .eur, from: .first, to: .first))
        let page = PageRequest(sort: "createdAt", isDescending: true)
        let body = PayoutAccountBody(
            payeeType: "company", payeeID: .zero, holder: "x", bank: "x", number: "1234", routing: nil)
        return [
            StatementSample("payouts.form", form(new, number: "202611", now: now)),
            StatementSample("payouts.isOpen", isOpen(payee, .eur)),
            StatementSample("payouts.completedOn", completedOn(.new(), zone: "UTC")),
            StatementSample("payouts.owed", owed("company", after: .zero, limit: 1)),
            StatementSample("payouts.payout", payout(new.id)),
            StatementSample("payouts.lock", lock(new.id)),
            StatementSample("payouts.page", self.page(selection, page)),
            StatementSample("payouts.count", count(selection)),
            StatementSample("payouts.exported", exported(selection, after: new.id, limit: 1)),
            StatementSample("payouts.net", net(of: new.id)),
            StatementSample("payouts.items", items(of: new.id)),
            StatementSample("payouts.save", save(PayoutState(.completed), of: new.id, now: now)),
            StatementSample(
                "payouts.process",
                process(new.id, PayoutProcessing(method: .bankTransfer, transfer: "x", user: nil, notes: nil, key: .zero), now: now)),
            StatementSample("payouts.approve", approve(new.id, by: .zero, notes: nil, now: now)),
            StatementSample("payouts.asked", asked(new.id, now: now)),
            StatementSample("payouts.accepted", accepted(new.id, providerID: "x", now: now)),
            StatementSample("payouts.adjust", adjust(new.id, 1, reason: "x", now: now)),
            StatementSample("payouts.release", release(new.id, now: now)),
            StatementSample("payouts.underWay", underWay(before: now, limit: 1)),
            StatementSample("payouts.account", account(of: payee)),
            StatementSample("payouts.keep", keep(body, sealed: [], now: now)),
        ]
    }
}
