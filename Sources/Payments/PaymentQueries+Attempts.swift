import Postgres
import Service
import Values

/// The SQL of orders at providers.
extension PaymentQueries {
    /// It is checked from the beginning: a process that dies before the order is made leaves nothing open for ever.
    static func insertAttempt(_ attempt: PaymentAttempt, checkAt: Instant, now: Instant) -> Command {
        Command(
            """
            insert into payments.attempts (
                id, payment_id, number, provider, idempotency_key, amount, next_check_at, created_at)
            values (\(attempt.id), \(attempt.paymentID), \(attempt.number), \(attempt.provider),
                    \(attempt.idempotencyKey), \(attempt.amount.minor), \(checkAt), \(now))
            """)
    }

    /// The order is noted also of an attempt that has ended meanwhile: money may still come by it.
    static func opened(_ id: ID<PaymentAttempt>, order: String, checkout: [UInt8]) -> Command {
        Command(
            """
            update payments.attempts
               set status = case when status in ('created', 'unknown') then 'pending' else status end,
                   provider_order_id = \(order), checkout_enc = \(checkout)
             where id = \(id)
            """)
    }

    /// Of several who would make the order at once, one does; who was interrupted is followed by another.
    ///
    /// - Returns: whether somebody had set out before; no row when somebody is at it, or has made it.
    static func setOut(_ id: ID<PaymentAttempt>, now: Instant) -> Statement<Bool> {
        Statement(
            """
            update payments.attempts a set asked_at = \(now)
              from (select id, asked_at from payments.attempts where id = \(id)) b
             where a.id = b.id and a.provider_order_id is null
               and (a.asked_at is null or a.asked_at <= \(now - PaymentAttempt.longestMaking))
            returning b.asked_at is not null
            """)
    }

    /// He came back without an order: somebody else may set out at once.
    static func cameBack(_ id: ID<PaymentAttempt>) -> Command {
        Command("update payments.attempts set asked_at = 'epoch' where id = \(id) and provider_order_id is null")
    }

    /// Another provider is to be asked.
    static func gaveUp(_ id: ID<PaymentAttempt>, error: String) -> Command {
        Command(
            "update payments.attempts set status = 'failed', error_code = \(error), next_check_at = null where id = \(id)")
    }

    static func moved(_ id: ID<Payment>, to provider: String, isLive: Bool, now: Instant) -> Command {
        Command(
            """
            update payments.payments set provider = \(provider), is_live = \(isLive), updated_at = \(now) where id = \(id)
            """)
    }

    /// What the provider calls it, and its status in the provider's words.
    static func reported(_ id: ID<PaymentAttempt>, _ report: ProviderReport, status: PaymentStatus?) -> Command {
        Command(
            """
            update payments.attempts
               set provider_payment_id = coalesce(\(report.paymentID), provider_payment_id),
                   raw_status = coalesce(\(report.rawStatus), raw_status), status = coalesce(\(status), status),
                   next_check_at = case when \(status)::text = 'succeeded' then null else next_check_at end
             where id = \(id)
            """)
    }

    /// Open orders whose provider is to be asked. Index `attempts_next_check`.
    static func due(now: Instant, limit: Int) -> Statement<PaymentCheckJob> {
        Statement(
            """
            select t.payment_id, t.checks from payments.attempts t
             where t.status in ('created', 'pending', 'authorized', 'unknown') and t.next_check_at <= \(now)
             order by t.next_check_at limit \(limit)
            """)
    }

    /// The open order of a payment, unless it was asked about since. Index `attempts_number_unique`.
    static func due(_ job: PaymentCheckJob) -> Statement<DueCheck> {
        Statement(
            """
            select t.id, t.payment_id, t.checks, p.expires_at
              from payments.attempts t join payments.payments p on p.id = t.payment_id
             where t.payment_id = \(job.paymentID) and t.checks = \(job.check)
               and t.status in ('created', 'pending', 'authorized', 'unknown') and t.next_check_at is not null
             order by t.number desc limit 1
            """)
    }

    static func saveAttempts(_ status: PaymentStatus, of id: ID<Payment>) -> Command {
        Command(
            """
            update payments.attempts set status = \(status), next_check_at = null
             where payment_id = \(id) and status in ('created', 'pending', 'authorized', 'unknown')
            """)
    }

    /// The provider was asked; when next.
    static func checked(_ id: ID<PaymentAttempt>, next: Instant?) -> Command {
        Command("update payments.attempts set checks = checks + 1, next_check_at = \(next) where id = \(id)")
    }
}
