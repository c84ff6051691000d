-- Takes of many people at once, and reminders by the clock: a taken order that waits says itself when its customer is reminded,
-- where each had a job of its own before.
alter table urgent.unanswered add column remind_at timestamptz;
comment on column urgent.unanswered.remind_at is 'When the customer is reminded; null once he has been.';
update urgent.unanswered n set remind_at = o.first_taken_at + interval '10 minutes'
  from urgent.orders o
 where o.id = n.order_id and o.first_taken_at > now() - interval '10 minutes';
create index unanswered_reminders on urgent.unanswered (remind_at) where remind_at is not null;
delete from jobs.jobs where name = 'urgent.respond-reminder' and state in ('waiting', 'delayed');

-- An executor takes an order: all of 4.4 in one call. Locks the order, then the accounts by id. The outcome is `taken`,
-- `repeated`, or the code of the refusal; only `taken` and a lapsed order's end have changed anything.
create or replace function urgent.take(
    p_order text, p_user bigint, p_cost integer, p_most integer, p_window interval, p_transaction uuid
) returns table (outcome text, contact text, executors integer, balance bigint, charged integer, at timestamptz)
language plpgsql as $$
declare
    o urgent.orders;
    wallet uuid;
    blocked timestamptz;
    money bigint;
begin
    select x.* into o from urgent.orders x where x.id = p_order for no key update;
    if o.id is null or o.status = 'deleted' then
        return query select 'order_not_found', null::text, 0, 0::bigint, 0, null::timestamptz;
        return;
    end if;
    if o.client_id = p_user then
        return query select 'own_order', null::text, 0, 0::bigint, 0, null::timestamptz;
        return;
    end if;
    select u.wallet_id, u.blocked_at into wallet, blocked from urgent.users u where u.id = p_user;
    -- An answer that was lost is given again, whatever has become of the order.
    if p_user = any(o.takers) then
        return query
            select 'repeated', o.contact::text, o.takes_count::integer, a.balance / 100, 0,
                   o.taken_at[array_position(o.takers, p_user)]
              from payments.accounts a where a.id = wallet;
        return;
    end if;
    if o.status <> 'active' or o.deadline_at <= now() then
        if o.status = 'active' then
            perform urgent.lapse(o);
        end if;
        return query select 'order_not_active', null::text, 0, 0::bigint, 0, null::timestamptz;
        return;
    end if;
    if o.takes_count >= p_most then
        return query select 'max_executors', null::text, 0, 0::bigint, 0, null::timestamptz;
        return;
    end if;
    if blocked is not null then
        return query select 'user_blocked', null::text, 0, 0::bigint, 0, null::timestamptz;
        return;
    end if;
    select max(a.balance) filter (where a.id = wallet) into money
      from (select x.id, x.balance from payments.accounts x where x.id in (wallet, o.takings_id)
             order by x.id for no key update) a;
    if money < p_cost * 100 then
        return query select 'insufficient_balance', null::text, 0, 0::bigint, 0, null::timestamptz;
        return;
    end if;
    if p_cost > 0 then
        perform payments.post(
            p_transaction, 'urgent_take', 'urgent', 'urgent:take:' || p_order || ':' || p_user, '',
            array[wallet, o.takings_id], array[-p_cost * 100, p_cost * 100]::bigint[]);
    end if;
    insert into urgent.executor_takes (order_id, executor_id, cost, transaction_id, taken_at)
    values (p_order, p_user, p_cost, case when p_cost > 0 then p_transaction end, now());
    update urgent.orders x
       set takers = x.takers || p_user, taken_at = x.taken_at || now(), takes_count = x.takes_count + 1, updated_at = now(),
           first_taken_at = coalesce(x.first_taken_at, now()), no_response_at = coalesce(x.no_response_at, now() + p_window)
     where x.id = p_order;
    if o.takes_count = 0 then
        insert into urgent.unanswered (order_id, due_at, remind_at)
        values (p_order, now() + p_window, now() + interval '10 minutes');
    end if;
    insert into api.outbox (event, object_type, data)
    values ('urgent.order_taken', 'urgent_order', jsonb_build_object(
        'order', p_order, 'executor', p_user, 'count', o.takes_count + 1, 'amount', p_cost, 'balance', money / 100 - p_cost));
    return query select 'taken', o.contact::text, o.takes_count + 1, (money - p_cost * 100) / 100, p_cost, now();
end $$;

-- The ledger's door once more, for many movements at once, each of one amount from one account to another; their keys are new.
-- Entries are written in ascending order of accounts, like everybody's who posts.
create function payments.post_many(
    p_ids uuid[], p_kind text, p_product text, p_keys text[], p_from uuid[], p_to uuid[], p_amount bigint
) returns void language plpgsql as $$
begin
    insert into payments.transactions (id, kind, product, idempotency_key, at)
    select t.id, p_kind, p_product, t.key, now() from unnest(p_ids, p_keys) as t (id, key);
    insert into payments.entries (transaction_id, account_id, amount, balance_after)
    select p.id, p.account_id, p.amount, 0
      from (select t.id, t.account_id, -p_amount as amount from unnest(p_ids, p_from) as t (id, account_id)
            union all select t.id, t.account_id, p_amount from unnest(p_ids, p_to) as t (id, account_id)) as p
     order by p.account_id;
end $$;

-- Several executors take an order each, in one go: those that nothing is in the way of, in the same order of locks as
-- `urgent.take`, a row for each that is done. What somebody else is at, what is refused and what was taken before is left to
-- `urgent.take`, which says why. No order and no executor comes twice; p_places says which question each answers.
create function urgent.take_many(
    p_places bigint[], p_orders text[], p_users bigint[], p_transactions uuid[], p_cost integer, p_most integer, p_window interval
) returns table (place bigint, contact text, executors integer, balance bigint, charged integer, at timestamptz)
language plpgsql as $$
declare
    places bigint[];
    orders text[];
    users bigint[];
    moves uuid[];
    wallets uuid[];
    takings uuid[];
    contacts text[];
    counts integer[];
    balances bigint[];
begin
    select array_agg(x.place), array_agg(x.id), array_agg(x.executor), array_agg(x.move), array_agg(x.wallet_id),
           array_agg(x.takings_id), array_agg(x.contact), array_agg(x.takes_count + 1)
      into places, orders, users, moves, wallets, takings, contacts, counts
      from (select w.place, o.id::text, w.executor, w.move, u.wallet_id, o.takings_id, o.contact::text, o.takes_count
              from unnest(p_places, p_orders, p_users, p_transactions) as w (place, id, executor, move)
              join urgent.orders o on o.id = w.id
              join urgent.users u on u.id = w.executor
             where o.status = 'active' and o.deadline_at > now() and o.takes_count < p_most
               and o.client_id <> w.executor and w.executor <> all(o.takers) and u.blocked_at is null
             order by o.id for no key update of o skip locked) x;
    if places is null then
        return;
    end if;
    if p_cost > 0 then
        with locked as materialized (
            select y.id, y.balance from payments.accounts y
             where y.id = any(wallets || takings) order by y.id for no key update)
        select array_agg(x.place), array_agg(x.id), array_agg(x.executor), array_agg(x.move), array_agg(x.wallet),
               array_agg(x.takings), array_agg(x.contact), array_agg(x.count), array_agg(a.balance / 100 - p_cost)
          into places, orders, users, moves, wallets, takings, contacts, counts, balances
          from unnest(places, orders, users, moves, wallets, takings, contacts, counts)
                 as x (place, id, executor, move, wallet, takings, contact, count)
          join locked a on a.id = x.wallet
         where a.balance >= p_cost * 100;
        if places is null then
            return;
        end if;
        perform payments.post_many(
            moves, 'urgent_take', 'urgent',
            array(select 'urgent:take:' || x.id || ':' || x.executor from unnest(orders, users) as x (id, executor)),
            wallets, takings, p_cost * 100);
    else
        balances := array(select a.balance / 100 from unnest(wallets) with ordinality w (id, n)
                            join payments.accounts a on a.id = w.id order by w.n);
    end if;
    insert into urgent.executor_takes (order_id, executor_id, cost, transaction_id, taken_at)
    select x.id, x.executor, p_cost, case when p_cost > 0 then x.move end, now()
      from unnest(orders, users, moves) as x (id, executor, move);
    update urgent.orders o
       set takers = o.takers || x.executor, taken_at = o.taken_at || now(), takes_count = o.takes_count + 1, updated_at = now(),
           first_taken_at = coalesce(o.first_taken_at, now()), no_response_at = coalesce(o.no_response_at, now() + p_window)
      from unnest(orders, users) as x (id, executor)
     where o.id = x.id;
    insert into urgent.unanswered (order_id, due_at, remind_at)
    select x.id, now() + p_window, now() + interval '10 minutes'
      from unnest(orders, counts) as x (id, count) where x.count = 1;
    insert into api.outbox (event, object_type, data)
    select 'urgent.order_taken', 'urgent_order', jsonb_build_object(
               'order', x.id, 'executor', x.executor, 'count', x.count, 'amount', p_cost, 'balance', x.balance)
      from unnest(orders, users, counts, balances) as x (id, executor, count, balance);
    return query
        select x.place, x.contact, x.count, x.balance, p_cost, now()
          from unnest(places, contacts, counts, balances) as x (place, contact, count, balance);
end $$;
