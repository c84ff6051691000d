-- Before each measured run of takes: nobody has taken anything, the first 19,000 people have 100,000 roubles, and every order is
-- active. With the 5,000 active ones alone (15,000 places) a fast server would run out of places, and then be paid for refusals.
set session_replication_role = replica;
truncate urgent.executor_takes, urgent.unanswered, payments.entries, payments.transactions, api.outbox cascade;
-- A movement each, as in life: PostgreSQL plans by how many entries a movement has.
insert into payments.transactions (id, kind, product, idempotency_key, at)
select u.account_id, 'wallet_filling', 'urgent', 'benchmark:' || u.id, '2025-01-01' from urgent.users u where u.id <= 1019000;
insert into payments.entries (transaction_id, account_id, amount, balance_after)
select u.account_id, u.wallet_id, 10000000, 10000000 from urgent.users u where u.id <= 1019000
union all
select u.account_id, a.id, -10000000, 0 from urgent.users u, payments.accounts a where u.id <= 1019000 and a.code = 'benchmark';
update payments.accounts a set balance = coalesce((select sum(e.amount) from payments.entries e where e.account_id = a.id), 0)
 where a.unit = 'RUB';
update urgent.orders
   set status = 'active', close_reason = null, closed_at = null, takers = '{}', taken_at = '{}', takes_count = 0,
       first_taken_at = null, no_response_at = null
 where status <> 'active' or takes_count > 0;
reset session_replication_role;
vacuum (analyze) payments.accounts, payments.transactions, payments.entries, urgent.orders, urgent.users;
checkpoint;
