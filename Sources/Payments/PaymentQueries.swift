import Invoices
import JSON
import Postgres
import Service
import Values

/// The SQL of payments and their attempts.
enum PaymentQueries {
    /// What `Payment` reads, in its order.
    static let columns: SQL = """
        p.id, p.created_at, p.updated_at, p.reference, p.product, p.purpose, p.purpose_id, p.payer_id, p.scope_type,
        p.scope_id, p.payee_type, p.payee_id, p.fee, p.commission, p.provider, p.method, p.description, p.return_url,
        p.expires_at, p.recorded_by, p.outside_reference, p.receipt_number, p.status, p.amount, p.currency, p.captured,
        p.refunded, p.is_late, p.failure_code, p.failure_message, p.capture, p.capture_amount,
        p.is_live, p.succeeded_at, p.failed_at, p.cancelled_at, p.payer, p.parts, p.saves_method,
        p.disputed_at, p.metadata, p.authorized_at
        """

    private static let attemptColumns: SQL = """
        a.id, a.payment_id, a.number, a.provider, a.idempotency_key, a.provider_order_id, a.provider_payment_id,
        a.checkout_enc, a.asked_at, a.amount
        """

    // MARK: Making

    /// One open payment per lock key, and one payment per id: no row is written when there is one, however many try at once.
    static func insert(_ new: NewPayment, now: Instant) -> Command {
        Command(
            """
            insert into payments.payments (
                id, created_at, updated_at, reference, product, purpose, purpose_id, payer_id, scope_type, scope_id,
                payee_type, payee_id, amount, currency, provider, method, is_live, capture, description, return_url, lock_key,
                saved_method_id, saves_method, payer, parts, metadata, expires_at)
            values (
                \(new.id), \(now), \(now), \(new.reference), \(new.quote.product), \(new.purpose), \(new.purposeID),
                \(new.payerID), \(new.quote.scope.type.name), \(new.quote.scope.id), \(new.quote.payee.type.name),
                \(new.quote.payee.id), \(new.quote.amount.minor), \(new.quote.amount.currency), \(new.provider),
                \(new.method), \(new.isLive), \(new.quote.capture),
                \(new.quote.description), \(new.returnURL), \(new.quote.lockKey),
                \(new.savedMethodID), \(new.savesMethod), \(JSONText(encoding: new.quote.guest ?? GuestPayer(name: nil))),
                \(JSONText(encoding: new.quote.parts)), \(JSONText(encoding: new.quote.metadata)), \(new.expiresAt))
            on conflict do nothing
            """)
    }

    static func open(lockKey: String) -> Statement<PaymentWithAttempt> {
        Statement(
            """
            \(withAttempt)
             where p.lock_key = \(lockKey) and p.status in ('created', 'pending', 'authorized', 'unknown')
            """)
    }

    /// Staff say how much of what is held is taken.
    static func capture(_ id: ID<Payment>, _ amount: Int64, now: Instant) -> Command {
        Command(
            "update payments.payments set capture_amount = \(amount), updated_at = \(now) where id = \(id)")
    }

    static func payer(_ id: UUID) -> Statement<Payer> {
        Statement(
            """
            select u.id, identity.name_of(u), u.email, u.phone
              from identity.users u where u.id = \(id)
            """)
    }

    // MARK: Reading

    /// A payment and its newest order, when it went through a provider.
    static let withAttempt: SQL = """
        select \(columns), \(attemptColumns), p.currency
          from payments.payments p
          left join lateral (
            select x.id, x.payment_id, x.number, x.provider, x.idempotency_key, x.provider_order_id,
                   x.provider_payment_id, x.checkout_enc, x.asked_at, x.amount
              from payments.attempts x where x.payment_id = p.id order by x.number desc limit 1) a on true
        """

    static func payment(_ id: ID<Payment>) -> Statement<PaymentWithAttempt> {
        Statement("\(withAttempt) where p.id = \(id)")
    }

    /// Compared as the column's own type: as text it could not be found by `payments_reference_unique`.
    static func payment(reference: String) -> Statement<PaymentWithAttempt> {
        Statement("\(withAttempt) where p.reference = \(reference)::bpchar")
    }

    static func payment(attempt: ID<PaymentAttempt>) -> Statement<PaymentWithAttempt> {
        Statement(
            "\(withAttempt) where p.id = (select t.payment_id from payments.attempts t where t.id = \(attempt))")
    }

    static func payment(provider: String, order: String) -> Statement<ID<Payment>> {
        Statement(
            """
            select t.payment_id from payments.attempts t where t.provider = \(provider) and t.provider_order_id = \(order)
            """)
    }

    static func payer(of id: ID<Payment>) -> Statement<UUID?> {
        Statement("select payer_id from payments.payments where id = \(id)")
    }

    static func lock(_ id: ID<Payment>) -> Statement<Payment> {
        Statement("select \(columns) from payments.payments p where p.id = \(id) for update")
    }

    /// Of an invoice: every payment that gave to it, also what went back.
    static func page(ofInvoice id: ID<Invoice>, _ page: PageRequest) -> Statement<PaymentWithAttempt> {
        Statement(
            """
            \(withAttempt)
              join invoices.allocations l on l.payment_id = p.id
             where l.invoice_id = \(id)
             order by \(order(page)) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(ofInvoice id: ID<Invoice>) -> Statement<Int> {
        Statement("select count(*) from invoices.allocations l where l.invoice_id = \(id)")
    }

    /// Index `payments_created` for those who see all or much, else those of the sight.
    static func page(_ selection: PaymentSelection, _ page: PageRequest) -> Statement<PaymentWithAttempt> {
        Statement(
            """
            \(withAttempt)
             where \(selection.condition)
             order by \(order(page)) limit \(page.limit) offset \(page.offset)
            """)
    }

    /// How many there are and their sums, per currency. Indexes as of the page.
    static func totals(_ selection: PaymentSelection) -> Statement<PaymentTotals> {
        Statement(
            """
            select p.currency, count(*), sum(p.amount)::bigint, sum(p.captured)::bigint, sum(p.refunded)::bigint
              from payments.payments p
             where \(selection.condition)
             group by p.currency order by p.currency
            """)
    }

    /// The members a list may be sorted by: what its indexes are in order of.
    static let sortable = ["-createdAt"]

    private static func order(_ page: PageRequest) -> SQL {
        page.isDescending ? "p.created_at desc, p.id desc" : "p.created_at, p.id"
    }

    // MARK: Changing

    /// Every change but success.
    static func save(_ state: PaymentState, of id: ID<Payment>, now: Instant) -> Command {
        Command(
            """
            update payments.payments
               set status = \(state.status), refunded = \(state.refunded), failure_code = \(state.failure?.code),
                   failure_message = \(state.failure?.message), updated_at = \(now),
                   authorized_at = case when \(state.status)::text = 'authorized' then \(now) else authorized_at end,
                   failed_at = case when \(state.status)::text = 'failed' then \(now) else failed_at end,
                   cancelled_at = case when \(state.status)::text = 'cancelled' then \(now) else cancelled_at end
             where id = \(id)
            """)
    }

    /// - Parameter since: nil when it is contested no more.
    static func disputed(_ id: ID<Payment>, since: Instant?, now: Instant) -> Command {
        Command("update payments.payments set disputed_at = \(since), updated_at = \(now) where id = \(id)")
    }

    /// The money is here. Its receipt gets the next number of the series and month; the counter's row stays locked until
    /// the transaction ends, so this comes after the invoices are locked and before the ledger.
    static func succeed(
        _ id: ID<Payment>, state: PaymentState, payee: Scope, commission: Int64, fee: Int64, method: String?,
        receipt: ReceiptSeries, now: Instant
    ) -> Statement<String> {
        Statement(
            """
            with counter as (\(raise(receipt)))
            update payments.payments p
               set status = \(state.status), captured = \(state.captured), is_late = \(state.isLate),
                   payee_type = \(payee.type.name), payee_id = \(payee.id), commission = \(commission), fee = \(fee), method = coalesce(\(method), method), failure_code = null, failure_message = null, succeeded_at = \(now),
                   updated_at = \(now), receipt_number = \(receipt.prefix)::text || lpad(counter.value::text, 6, '0')
              from counter
             where p.id = \(id)
            returning p.receipt_number
            """)
    }

    /// A payment that the office took by hand: it is there whole or not at all.
    static func insertByHand(
        _ id: ID<Payment>, _ hand: PaymentByHand, commission: Int64, receipt: ReceiptSeries, now: Instant
    ) -> Statement<String> {
        Statement(
            """
            with counter as (\(raise(receipt)))
            insert into payments.payments (
                id, created_at, updated_at, reference, product, purpose, purpose_id, scope_type, scope_id, payee_type,
                payee_id, amount, currency, captured, commission, provider, method, status, description, expires_at,
                recorded_by, outside_reference, receipt_number, metadata, succeeded_at, is_live)
            select \(id), \(now), \(now), \(hand.reference), \(hand.product), \(hand.purpose), \(hand.purposeID),
                   \(hand.scope.type.name), \(hand.scope.id), \(hand.payee.type.name), \(hand.payee.id),
                   \(hand.amount.minor), \(hand.amount.currency), \(hand.amount.minor), \(commission), 'manual',
                   \(hand.method.rawValue), 'succeeded', \(hand.description), \(now), \(hand.recordedBy),
                   \(hand.outsideReference), \(receipt.prefix)::text || lpad(counter.value::text, 6, '0'),
                   \(hand.metadata), \(hand.paidAt), true
              from counter
            returning receipt_number
            """)
    }

    private static func raise(_ receipt: ReceiptSeries) -> SQL {
        """
        insert into payments.counters as c (series, period, value) values (\(receipt.name), \(receipt.month), 1)
        on conflict (series, period) do update set value = c.value + 1
        returning c.value
        """
    }
}
