import Postgres
import Values

/// The SQL of the sandbox's memory.
enum SandboxQueries {
    private static let columns: SQL = "o.id, o.attempt_id, o.amount, o.currency, o.status, o.paid"

    /// Once per attempt.
    static func insert(_ id: String, attempt: PaymentAttempt, now: Instant) -> Command {
        Command(
            """
            insert into payments.sandbox_orders (id, attempt_id, amount, currency, created_at)
            values (\(id), \(attempt.id), \(attempt.amount.minor), \(attempt.amount.currency), \(now))
            on conflict (attempt_id) do nothing
            """)
    }

    static func order(of attempt: ID<PaymentAttempt>) -> Statement<SandboxOrder> {
        Statement("select \(columns) from payments.sandbox_orders o where o.attempt_id = \(attempt)")
    }

    /// The first decision stands.
    static func decide(
        _ id: String, _ status: SandboxOrder.Status, paid: Int64, payment: String?, now: Instant
    ) -> Command {
        Command(
            """
            update payments.sandbox_orders
               set status = \(status), paid = \(paid), payment_id = \(payment), decided_at = \(now)
             where id = \(id) and status = 'open'
            """)
    }

    static func isRefunded(_ id: String, key: UUID) -> Statement<Bool> {
        Statement(
            "select exists (select from payments.sandbox_orders where id = \(id) and \(key) = any(refund_keys))")
    }

    /// Once per key, and never more than was paid.
    static func refund(_ id: String, _ amount: Int64, key: UUID) -> Command {
        Command(
            """
            update payments.sandbox_orders
               set refunded = case when \(key) = any(refund_keys) then refunded else refunded + \(amount) end,
                   refund_keys = case when \(key) = any(refund_keys) then refund_keys else refund_keys || \(key) end
             where id = \(id) and status = 'paid'
               and (\(key) = any(refund_keys) or refunded + \(amount) <= paid)
            """)
    }
}
