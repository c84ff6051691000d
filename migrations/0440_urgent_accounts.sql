-- Intent: a person of the board is a Telegram id; what he does there stays with that id for good. His money is his account's,
-- and an account may get another Telegram, or lose its own. So a wallet is had by whoever has the account now, one person at a
-- time, and what has been paid goes back to the wallet that paid it, whoever's it is by then.
-- Size: users up to a million; a relinked account is a rare thing.
alter table urgent.users drop constraint users_account;
alter table urgent.users add column left_at timestamptz;
comment on column urgent.users.account_id is 'The account he last came with.';
comment on column urgent.users.left_at is
    'Since when another Telegram has his place at that account; he has no money here until he comes with one of his own.';
create index users_of_account on urgent.users (account_id);
create unique index users_account on urgent.users (account_id) where left_at is null;
drop index urgent.users_wallet;
create unique index users_wallet on urgent.users (wallet_id) where left_at is null;

-- What every instance keeps of somebody is forgotten, too, when his account is another's.
create or replace function urgent.tell_user_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('identity', 'user:' || new.account_id);
    if old.account_id <> new.account_id then
        perform pg_notify('identity', 'user:' || old.account_id);
    end if;
    return null;
end $$;
drop trigger users_tell on urgent.users;
create trigger users_tell after update on urgent.users for each row
    when (row(old.role, old.blocked_at, old.account_id, old.left_at)
          is distinct from row(new.role, new.blocked_at, new.account_id, new.left_at))
    execute function urgent.tell_user_changed();

-- Whom Telegram vouches for is no longer that account's owner from this moment on, on every instance.
create function identity.tell_identity_dropped() returns trigger language plpgsql as $$
begin
    perform pg_notify('identity', 'user:' || old.user_id);
    return null;
end $$;
create trigger identities_tell after delete on identity.identities for each row
    execute function identity.tell_identity_dropped();

-- Gives back what takes of an order have cost and have not had back, once each; of one executor, or of all. The order's row is
-- locked by the caller. What paid a take gets it back. Answers what was given back, for the event that tells of it: `holder` is
-- who has that wallet now, and hears of it; null where nobody has.
create or replace function urgent.refund(p_order text, p_executor bigint default null) returns jsonb language plpgsql as $$
declare
    takings uuid;
    wallet uuid;
    r record;
    refund uuid;
    given jsonb := '[]';
begin
    select o.takings_id into takings from urgent.orders o where o.id = p_order;
    -- All accounts in one order before the first is posted to.
    perform from payments.accounts a
      where a.id in (select e.account_id from urgent.executor_takes t join payments.entries e on e.transaction_id = t.transaction_id
                      where t.order_id = p_order and t.refunded_at is null and t.cost > 0
                        and (p_executor is null or t.executor_id = p_executor)
                     union all select takings)
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
