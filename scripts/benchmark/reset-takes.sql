-- Before each measured run of takes: nobody has taken anything, the first 19,000 people have 100,000 roubles, and every order is
-- active. With the 5,000 active ones alone (15,000 places) a fast server would run out of places, and then be paid for refusals.
set session_replication_role = replica;
truncate urgent.executor_takes, urgent.unanswered, payments.entries, payments.transactions, api.outbox cascade;
insert into payments.transactions (id, kind, product, idempotency_key, at)
values ('00000000-0000-7000-8000-000000000001', 'wallet_filling', 'urgent', 'benchmark', '2025-01-01');
insert into payments.entries (transaction_id, account_id, amount, balance_after)
select '00000000-0000-7000-8000-000000000001', w.id, w.amount, w.amount
  from (select u.wallet_id as id, 10000000 as amount from urgent.users u where u.id <= 1019000
        union all select a.id, -190000000000 from payments.accounts a where a.code = 'benchmark') w;
update payments.accounts a set balance = coalesce((select sum(e.amount) from payments.entries e where e.account_id = a.id), 0)
 where a.unit = 'RUB';
update urgent.orders
   set status = 'active', close_reason = null, closed_at = null, takers = '{}', taken_at = '{}', takes_count = 0,
       first_taken_at = null, no_response_at = null
 where status <> 'active' or takes_count > 0;
reset session_replication_role;
vacuum (analyze) payments.accounts, urgent.orders, urgent.users;
checkpoint;
