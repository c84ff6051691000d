import Postgres
import Testing
import Values

@testable import UrgentServices

/// A board on which much has happened, for whoever looks through it.
extension Board {
    /// Thousands of orders, complaints of the first executor about all that he took, people, movements of money, payments, and deeds
    /// of staff; of each a few that are told apart.
    func crowd() async throws {
        try await gather(Person.e1, Person.e2)
        try await past(2000, .completed, takenBy: Person.e1)
        try await past(1000, .expired)
        try await past(30, .active)
        try await database.administer(
            """
            insert into urgent.executor_complaints (order_id, executor_id, client_id, complaint, created_at)
            select t.order_id, t.executor_id, \(Person.customer), 'other', t.taken_at from urgent.executor_takes t;

            create temporary table people as
            select i, gen_random_uuid() as account, gen_random_uuid() as wallet from generate_series(1, 1500) i;
            insert into identity.users (id, first_name, last_name, status) select account, 'Пётр', '', 'active' from people;
            insert into payments.accounts (id, owner_type, owner_id, code, unit, is_wallet, floor)
            select wallet, 'user', account, 'wallet', 'RUB', true, 0 from people;
            insert into urgent.users (id, account_id, wallet_id, first_name, created_at, blocked_at, role)
            select 7000000 + i, account, wallet, 'Пётр', now() - i * interval '1 minute', case when i % 100 = 0 then now() end,
                   case when i % 500 = 7 then 'moderator' else 'user' end from people;
            update urgent.executor_complaints set client_id = 7000001 + id % 1500 where id % 2 = 0;
            insert into urgent.executor_takes (order_id, executor_id, cost, taken_at)
            select o.id, 7000000 + o.n, 0, now() from (select id, row_number() over () as n from urgent.orders where status = 'completed' limit 1500) o;

            insert into urgent.payment_invoices (user_id, payment_id, provider, amount, created_at)
            select case when i % 50 = 0 then \(Person.e2) else \(Person.e1) end, gen_random_uuid(),
                   case when i % 50 = 0 then 'yookassa' else 'telegram_stars' end, 100, now() - interval '1 day' from generate_series(1, 1500) i;

            insert into identity.audit_logs (id, at, actor_id, actor_kind, actor_name, product, action, object_type, object_id)
            select gen_random_uuid(), now() - i * interval '1 minute', null, 'system', '', 'urgent', 'order_closed', 'urgent_order', i::text
              from generate_series(1, 1500) i;
            """)
        // A hundred movements each moment.
        for moment in 0..<15 {
            try await database.administer(
                """
                select count(*) from generate_series(\(moment * 100 + 1), \(moment * 100 + 100)) i, lateral payments.post(
                    gen_random_uuid(),
                    case when i % 100 = 0 then 'adjustment' when i % 10 = 1 then 'urgent_refund' else 'urgent_take' end,
                    'urgent', 'crowd:' || i, '', array[
                        (select wallet_id from urgent.users where id = case when i % 50 = 0 then \(Person.e2) else \(Person.e1) end),
                        (select id from payments.accounts where code = 'urgent.00')], array[200, -200]::bigint[])
                """)
        }
        for table in [
            "urgent.executor_takes", "urgent.executor_complaints", "urgent.users", "payments.transactions", "payments.entries", "urgent.payment_invoices",
            "identity.audit_logs", "payments.accounts",
        ] { try await database.administer("vacuum (analyze) \(table)") }
    }
}
