-- Intent: takes of many people at once wait for nobody. They are paid to one of the accounts of takings that is free, whichever
-- order's it is, and whose wallet is just being used is left to `urgent.take`, as who asks for an order that is. A lock that is
-- never waited for closes no circle, so these need no order. No table changes.

-- Several executors take an order each, in one go: those that nothing is in the way of, a row for each that is done. What somebody
-- else is at, what is refused and what was taken before is left to `urgent.take`, which says why. No order and no executor comes
-- twice; p_places says which question each answers.
create or replace function urgent.take_many(
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
    taking uuid;
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
        select y.id into taking from payments.accounts y
         where y.id = any(takings) order by y.id limit 1 for no key update skip locked;
        if taking is null then
            return;
        end if;
        with locked as materialized (
            select y.id, y.balance from payments.accounts y
             where y.id = any(wallets) order by y.id for no key update skip locked)
        select array_agg(x.place), array_agg(x.id), array_agg(x.executor), array_agg(x.move), array_agg(x.wallet),
               array_agg(taking), array_agg(x.contact), array_agg(x.count), array_agg(a.balance / 100 - p_cost)
          into places, orders, users, moves, wallets, takings, contacts, counts, balances
          from unnest(places, orders, users, moves, wallets, contacts, counts)
                 as x (place, id, executor, move, wallet, contact, count)
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

-- Gives back what takes of an order have cost and have not had back, once each; of one executor, or of all. The order's row is
-- locked by the caller. What paid a take gets it back from the account that it was paid to. Answers what was given back, for the
-- event that tells of it: `holder` is who has that wallet now, and hears of it; null where nobody has.
create or replace function urgent.refund(p_order text, p_executor bigint default null) returns jsonb language plpgsql as $$
declare
    takings uuid;
    wallet uuid;
    r record;
    refund uuid;
    given jsonb := '[]';
begin
    -- All accounts in one order before the first is posted to.
    perform from payments.accounts a
      where a.id in (select e.account_id from urgent.executor_takes t join payments.entries e on e.transaction_id = t.transaction_id
                      where t.order_id = p_order and t.refunded_at is null and t.cost > 0
                        and (p_executor is null or t.executor_id = p_executor))
      order by a.id for no key update;
    for r in
        update urgent.executor_takes t set refunded_at = now()
         where t.order_id = p_order and t.refunded_at is null and (p_executor is null or t.executor_id = p_executor)
        returning t.id, t.executor_id, t.cost, t.transaction_id
    loop
        if r.cost = 0 then
            select u.wallet_id into strict wallet from urgent.users u where u.id = r.executor_id;
        else
            select e.account_id into strict wallet
              from payments.entries e where e.transaction_id = r.transaction_id and e.amount < 0;
            select e.account_id into strict takings
              from payments.entries e where e.transaction_id = r.transaction_id and e.amount > 0;
            refund := gen_random_uuid();
            perform payments.post(
                refund, 'urgent_refund', 'urgent', 'urgent:refund:' || p_order || ':' || r.executor_id, '',
                array[wallet, takings], array[r.cost * 100, -r.cost * 100]::bigint[]);
            update urgent.executor_takes t set refund_id = refund where t.id = r.id;
        end if;
        given := given || jsonb_build_object(
            'executor', r.executor_id, 'amount', r.cost,
            'balance', (select a.balance / 100 from payments.accounts a where a.id = wallet),
            'holder', case when r.cost = 0 then r.executor_id
                           else (select u.id from urgent.users u where u.wallet_id = wallet and u.left_at is null) end);
    end loop;
    return given;
end $$;
