import Postgres
import Service
import Values

/// The SQL of refunds.
enum RefundQueries {
    private static let columns: SQL = """
        r.id, r.created_at, r.updated_at, r.number, r.payment_id, r.amount, p.currency, r.status, r.reason, r.details,
        r.requested_by, r.requester_kind, r.decided_at, r.decision_reason, r.idempotency_key, r.is_unused,
        r.provider_refund_id, r.previous_key, r.decided_by, r.failure
        """

    /// `RFD-<YYYYMM>-<6 digits>`. The payment's row is locked by the caller, so that parallel refunds count each other.
    static func insert(_ new: NewRefund, month: String, now: Instant) -> Command {
        Command(
            """
            with counter as (
                insert into payments.counters as c (series, period, value) values ('RFD', \(month), 1)
                on conflict (series, period) do update set value = c.value + 1
                returning c.value
            )
            insert into payments.refunds (
                id, created_at, updated_at, number, payment_id, amount, status, reason, details, requested_by,
                requester_kind, decided_by, decided_at, idempotency_key, is_unused)
            select \(new.id), \(now), \(now), 'RFD-' || \(month)::text || '-' || lpad(counter.value::text, 6, '0'),
                   \(new.payment), \(new.amount), \(new.status), \(new.reason), \(new.details), \(new.requestedBy),
                   \(new.requester), case when \(new.status)::text = 'approved' then \(new.requestedBy) end,
                   case when \(new.status)::text in ('approved', 'failed') then \(now) end, \(new.idempotencyKey), \(new.isUnused)
              from counter
            """)
    }

    /// The payment that a provider calls so (attempts_provider_payment_unique).
    static func payment(provider: String, charge: String) -> Statement<ID<Payment>> {
        Statement(
            """
            select payment_id from payments.attempts where provider = \(provider) and provider_payment_id = \(charge)
            """)
    }

    /// What was written down of money that the provider has given back by itself (refunds_payment).
    static func outside(_ payment: ID<Payment>) -> Statement<ID<Refund>> {
        Statement(
            """
            select id from payments.refunds
             where payment_id = \(payment) and status = 'failed' and requester_kind = 'system' and not is_unused
             order by id limit 1
            """)
    }

    /// What is refunded or on its way, and all that found no use: that goes back by its own refund only, which stays to be
    /// tried again when it has failed. The payment's row is locked.
    static func reserved(_ payment: ID<Payment>) -> Statement<Int> {
        Statement(
            """
            select coalesce(sum(amount), 0)::bigint from payments.refunds
             where payment_id = \(payment) and (is_unused or status not in ('failed', 'rejected'))
            """)
    }

    /// Of one payment: what found no use, and what of the used part has gone back.
    static func sums(_ payment: ID<Payment>) -> Statement<RefundSums> {
        Statement(
            """
            select coalesce(sum(amount) filter (where is_unused), 0)::bigint,
                   coalesce(sum(amount) filter (where not is_unused and status = 'succeeded'), 0)::bigint
              from payments.refunds where payment_id = \(payment)
            """)
    }

    static func refund(_ id: ID<Refund>) -> Statement<Refund> {
        Statement(
            "select \(columns) from payments.refunds r join payments.payments p on p.id = r.payment_id where r.id = \(id)")
    }

    static func lock(_ id: ID<Refund>) -> Statement<Refund> {
        Statement(
            """
            select \(columns) from payments.refunds r join payments.payments p on p.id = r.payment_id
             where r.id = \(id) for update of r
            """)
    }

    static func refunds(of payments: [ID<Payment>]) -> Statement<Refund> {
        Statement(
            """
            select \(columns) from payments.refunds r join payments.payments p on p.id = r.payment_id
             where r.payment_id = any(\(payments)) order by r.id
            """)
    }

    /// Those that a job should be carrying out and none has touched for long, a bounded number: after five minutes, and twice
    /// as long with each round. Index `refunds_status`.
    static func abandoned(rounds: Int, now: Instant, limit: Int) -> Statement<AbandonedRefund> {
        Statement(
            """
            select id, resumptions from payments.refunds
             where status in ('approved', 'processing') and resumptions <= \(rounds)
               and updated_at < \(now)::timestamptz - interval '5 minutes' * power(2, resumptions)
             order by updated_at limit \(limit)
            """)
    }

    /// When it was last touched stays as it is: that the job will say.
    static func resumed(_ refund: AbandonedRefund) -> Command {
        Command("update payments.refunds set resumptions = \(refund.resumptions + 1) where id = \(refund.id)")
    }

    /// Staff have asked for it again: all rounds begin anew.
    ///
    /// - Parameter key: another one, where the provider has refused it under its own.
    static func retried(_ state: RefundState, of id: ID<Refund>, key: UUID?, now: Instant) -> Command {
        Command(
            """
            update payments.refunds
               set status = \(state.status), failure = null, resumptions = 0, updated_at = \(now),
                   previous_key = case when \(key)::uuid is null then previous_key else idempotency_key end,
                   idempotency_key = coalesce(\(key)::uuid, idempotency_key),
                   provider_refund_id = case when \(key)::uuid is null then provider_refund_id end
             where id = \(id)
            """)
    }

    /// The provider works on it and calls it that.
    static func accepted(_ id: ID<Refund>, providerID: String, now: Instant) -> Command {
        Command(
            """
            update payments.refunds set provider_refund_id = \(providerID), updated_at = \(now)
             where id = \(id) and status = 'processing'
            """)
    }

    /// Those that a provider has accepted and not yet sent. Index `refunds_status`.
    static func pending(limit: Int) -> Statement<ID<Refund>> {
        Statement(
            """
            select id from payments.refunds
             where status = 'processing' and provider_refund_id is not null order by updated_at limit \(limit)
            """)
    }

    /// The refund that a webhook names: by our key, also without its hyphens, or by the provider's id.
    static func named(_ name: String) -> Statement<ID<Refund>> {
        if let key = UUID(hyphenless: name) {
            return Statement(
                "select id from payments.refunds where idempotency_key = \(key) or previous_key = \(key) limit 1")
        }
        return Statement("select id from payments.refunds where provider_refund_id = \(name)")
    }

    /// What staff want to know of the payer.
    static func question(of id: ID<Refund>) -> Statement<String> {
        Statement("select admin_notes from payments.refunds where id = \(id) and admin_notes is not null")
    }

    static func askForInformation(_ id: ID<Refund>, _ message: String, now: Instant) -> Command {
        Command(
            """
            update payments.refunds set status = 'info_requested', admin_notes = \(message), updated_at = \(now)
             where id = \(id)
            """)
    }

    static func save(_ state: RefundState, of id: ID<Refund>, failure: String?, now: Instant) -> Command {
        Command(
            """
            update payments.refunds set status = \(state.status), failure = \(failure), updated_at = \(now)
             where id = \(id)
            """)
    }

    static func decide(_ state: RefundState, of id: ID<Refund>, by user: UUID?, reason: String?, now: Instant) -> Command {
        Command(
            """
            update payments.refunds
               set status = \(state.status), decided_by = \(user), decided_at = \(now), decision_reason = \(reason),
                   updated_at = \(now)
             where id = \(id)
            """)
    }

    static func approve(_ id: ID<Refund>, _ amount: Int64, by user: UUID, now: Instant) -> Command {
        Command(
            """
            update payments.refunds
               set status = 'approved', amount = \(amount), decided_by = \(user), decided_at = \(now), updated_at = \(now)
             where id = \(id)
            """)
    }

    /// Index `refunds_status`.
    static func page(_ selection: RefundSelection, _ page: PageRequest) -> Statement<Refund> {
        let order: SQL = page.isDescending ? "r.id desc" : "r.id"
        return Statement(
            """
            select \(columns) from payments.refunds r join payments.payments p on p.id = r.payment_id
             where \(selection.condition) order by \(order) limit \(page.limit) offset \(page.offset)
            """)
    }

    static func count(_ selection: RefundSelection) -> Statement<Int> {
        Statement(
            """
            select count(*) from payments.refunds r join payments.payments p on p.id = r.payment_id
             where \(selection.condition)
            """)
    }

    static func succeeded(_ id: ID<Refund>, state: RefundState, providerID: String, now: Instant) -> Command {
        Command(
            """
            update payments.refunds set status = \(state.status), provider_refund_id = \(providerID), updated_at = \(now)
             where id = \(id)
            """)
    }
}

extension UUID {
    /// Of 32 digits, or as usual.
    init?(hyphenless text: String) {
        if let id = UUID(text) {
            self = id
            return
        }
        guard text.utf8.count == 32 else { return nil }
        let digits = Array(text.utf8)
        let groups = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        self.init(groups.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-"))
    }

    /// 32 digits, for those who take no hyphens.
    var hyphenless: String { description.filter { $0 != "-" } }
}
