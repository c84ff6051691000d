-- The board of urgent orders: users, orders, takes, reviews, complaints, and what is paid into balances.
-- Sizes: users up to a million; orders ten million, of which some thousand are active at a time; up to three takes an order,
-- kept ten years like all money; reviews and complaints a fraction of the orders.
-- Who has what money says the ledger alone (payments.accounts): a user's balance is his wallet, in kopecks.
create schema urgent;

create table urgent.users (
    -- Telegram's number of the person.
    id                             bigint primary key check (id > 0),
    -- His account on the platform, and his wallet in roubles.
    account_id                     uuid not null constraint users_account unique references identity.users on delete restrict,
    wallet_id                      uuid not null references payments.accounts on delete restrict,
    username                       varchar(64),
    first_name                     varchar(64) not null default '',
    last_name                      varchar(64) check (last_name <> ''),
    language_code                  varchar(35),
    -- Of the visible reviews; kept by whoever adds, hides or restores one.
    average_rating                 numeric(3,2) not null default 0 check (average_rating between 0 and 5),
    reviews_count                  integer not null default 0 check (reviews_count >= 0),
    notifications_enabled          boolean not null default false,
    subscribed_categories          text[] not null default '{}' check (cardinality(subscribed_categories) <= 10),
    subscribed_cities              text[] not null default '{}' check (cardinality(subscribed_cities) <= 20),
    notification_frequency_minutes integer not null default 10 check (notification_frequency_minutes between 5 and 15),
    last_notified_at               timestamptz,
    allows_write_to_pm             boolean,
    role                           text not null default 'user' check (role in ('user', 'moderator', 'admin')),
    blocked_at                     timestamptz,
    blocked_reason                 varchar(500),
    created_at                     timestamptz not null default now(),
    updated_at                     timestamptz not null default now(),
    last_seen_at                   timestamptz,
    constraint users_blocked check (blocked_reason is null or blocked_at is not null)
);
create index users_wallet on urgent.users (wallet_id);
create index users_username on urgent.users (lower(username));
create index users_created on urgent.users (created_at desc, id desc);
create index users_staff on urgent.users (role, id) where role <> 'user';
create index users_blocked on urgent.users (blocked_at) where blocked_at is not null;
create index users_by_category on urgent.users using gin (subscribed_categories) where notifications_enabled;
create index users_by_city on urgent.users using gin (subscribed_cities) where notifications_enabled;

-- What every instance keeps in memory of somebody is forgotten when his role changes or he is blocked.
create function urgent.tell_user_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('identity', 'user:' || new.account_id);
    return null;
end $$;
create trigger users_tell after update on urgent.users for each row
    when (row(old.role, old.blocked_at) is distinct from row(new.role, new.blocked_at))
    execute function urgent.tell_user_changed();

create table urgent.orders (
    id                    varchar(32) primary key check (id ~ '^[A-Za-z0-9_-]{12,32}$'),
    client_id             bigint not null references urgent.users on delete restrict,
    category              varchar(50) not null,
    description           text not null check (length(description) between 20 and 1000),
    city                  varchar(100) not null,
    contact               varchar(100) not null check (length(contact) >= 3),
    -- The one spelling of the contact by which two are the same.
    contact_key           varchar(100) not null,
    status                text not null default 'active'
        check (status in ('active', 'expired', 'deleted', 'closed_no_response', 'completed')),
    close_reason          text
        check (close_reason in ('expired', 'no_response', 'client_closed', 'client_deleted', 'completed', 'moderated')),
    city_locked           boolean not null default true,
    expires_in_minutes    integer not null default 60 check (expires_in_minutes between 1 and 1440),
    expires_at            timestamptz not null,
    -- Who took it and when, in this order: the rows of executor_takes once more, so that a page of orders is read by itself.
    takers                bigint[] not null default '{}' check (cardinality(takers) <= 10),
    taken_at              timestamptz[] not null default '{}',
    takes_count           smallint not null default 0 check (takes_count between 0 and 10),
    first_taken_at        timestamptz,
    no_response_at        timestamptz,
    customer_responded_at timestamptz,
    -- When it ends by itself, if nobody does anything: what every read and decision compares with the clock.
    deadline_at           timestamptz not null generated always as (
        case when customer_responded_at is null and no_response_at is not null then least(expires_at, no_response_at)
             else expires_at end) stored,
    closed_at             timestamptz,
    chosen_executor_id    bigint references urgent.users on delete restrict,
    renewed_from          varchar(32) constraint orders_renewed_once unique references urgent.orders on delete restrict,
    latitude              double precision check (latitude between -90 and 90),
    longitude             double precision check (longitude between -180 and 180),
    -- The account of the ledger that its takes are paid to: one of many, so that takes of different orders do not wait.
    takings_id            uuid not null references payments.accounts on delete restrict,
    created_at            timestamptz not null default now(),
    updated_at            timestamptz not null default now(),
    constraint orders_closed check ((status = 'active') = (closed_at is null) and (status = 'active') = (close_reason is null)),
    constraint orders_takes check (takes_count = cardinality(takers) and takes_count = cardinality(taken_at)
        and (takes_count = 0) = (first_taken_at is null) and (takes_count = 0) = (no_response_at is null)),
    constraint orders_responded check (customer_responded_at is null or takes_count > 0),
    constraint orders_place check ((latitude is null) = (longitude is null))
) with (fillfactor = 70);
-- None of these changes with a take, so that it writes the row alone.
create unique index orders_contact on urgent.orders (contact_key) where status = 'active';
create index orders_ending on urgent.orders (expires_at) where status = 'active';
create index orders_newest on urgent.orders (status, created_at desc, id desc);
create index orders_of_town on urgent.orders (status, city, created_at desc, id desc);
create index orders_of_client on urgent.orders (client_id, created_at desc, id desc);
create index orders_by_place on urgent.orders (latitude, longitude) where status = 'active' and latitude is not null;
create index orders_chosen on urgent.orders (chosen_executor_id) where chosen_executor_id is not null;
create index orders_created on urgent.orders (created_at);
create index orders_search on urgent.orders using gin (description gin_trgm_ops, contact gin_trgm_ops);

-- Taken orders that wait for their customers' answer, by when they close without it. A row from the first take to the answer
-- or the end: some hundred at a time.
create table urgent.unanswered (
    order_id varchar(32) primary key references urgent.orders on delete restrict,
    due_at   timestamptz not null
) with (fillfactor = 50);
create index unanswered_due on urgent.unanswered (due_at);

create table urgent.executor_takes (
    id             bigint generated always as identity primary key,
    order_id       varchar(32) not null references urgent.orders on delete restrict,
    executor_id    bigint not null references urgent.users on delete restrict,
    -- What was really charged, in whole roubles.
    cost           integer not null check (cost >= 0),
    -- The movement in the ledger that took it, and the one that gave it back; none where the take was free.
    transaction_id uuid references payments.transactions on delete restrict,
    taken_at       timestamptz not null default now(),
    refunded_at    timestamptz,
    refund_id      uuid references payments.transactions on delete restrict,
    constraint executor_takes_once unique (order_id, executor_id),
    constraint executor_takes_paid check ((cost = 0) = (transaction_id is null)),
    constraint executor_takes_refund check (refund_id is null or refunded_at is not null)
);
create index executor_takes_of_executor on urgent.executor_takes (executor_id, taken_at desc, id desc);

create table urgent.client_reviews (
    id                bigint generated always as identity primary key,
    order_id          varchar(32) not null references urgent.orders on delete restrict,
    client_id         bigint not null references urgent.users on delete restrict,
    executor_id       bigint not null references urgent.users on delete restrict,
    rating            smallint not null check (rating between 1 and 5),
    comment           varchar(500) check (comment <> ''),
    status            text not null default 'visible' check (status in ('visible', 'hidden')),
    moderated_by      bigint references urgent.users on delete restrict,
    moderated_at      timestamptz,
    moderation_reason varchar(500),
    created_at        timestamptz not null default now(),
    constraint client_reviews_once unique (order_id, client_id)
);
create index client_reviews_of_executor on urgent.client_reviews (executor_id, created_at desc, id desc);
create index client_reviews_of_client on urgent.client_reviews (client_id, created_at desc, id desc);
create index client_reviews_newest on urgent.client_reviews (created_at desc, id desc);
create index client_reviews_by_rating on urgent.client_reviews (rating, created_at desc, id desc);
create index client_reviews_moderator on urgent.client_reviews (moderated_by) where moderated_by is not null;

create table urgent.executor_complaints (
    id              bigint generated always as identity primary key,
    order_id        varchar(32) not null references urgent.orders on delete restrict,
    executor_id     bigint not null references urgent.users on delete restrict,
    client_id       bigint not null references urgent.users on delete restrict,
    complaint       text not null
        check (complaint in ('no_response', 'cancelled_order', 'inadequate_behavior', 'false_info', 'other')),
    comment         varchar(500) check (comment <> ''),
    status          text not null default 'open' check (status in ('open', 'accepted', 'rejected')),
    resolution_note varchar(1000),
    refunded        boolean not null default false,
    resolved_by     bigint references urgent.users on delete restrict,
    resolved_at     timestamptz,
    created_at      timestamptz not null default now(),
    constraint executor_complaints_once unique (order_id, executor_id),
    constraint executor_complaints_resolved check ((status = 'open') = (resolved_at is null))
);
create index executor_complaints_by_status on urgent.executor_complaints (status, created_at desc, id desc);
create index executor_complaints_of_client on urgent.executor_complaints (client_id, created_at desc, id desc);
create index executor_complaints_of_executor on urgent.executor_complaints (executor_id, created_at desc, id desc);
create index executor_complaints_resolver on urgent.executor_complaints (resolved_by) where resolved_by is not null;

-- What somebody pays into his balance: the number by which clients know a payment of the platform.
create table urgent.payment_invoices (
    id              bigint generated always as identity primary key,
    user_id         bigint not null references urgent.users on delete restrict,
    -- Nothing until the payment has been made.
    payment_id      uuid constraint payment_invoices_payment unique references payments.payments on delete restrict,
    provider        text not null check (length(provider) between 1 and 40),
    amount          integer not null check (amount between 1 and 100000),
    stars_amount    integer check (stars_amount > 0),
    status          text not null default 'created'
        check (status in ('created', 'pending', 'paid', 'expired', 'failed', 'refunded')),
    pay_url         varchar(2048),
    mini_app_url    varchar(2048),
    idempotency_key varchar(64),
    expires_at      timestamptz not null default now() + interval '30 minutes',
    paid_at         timestamptz,
    refunded_at     timestamptz,
    created_at      timestamptz not null default now(),
    constraint payment_invoices_key unique (user_id, idempotency_key)
);
create index payment_invoices_of_user on urgent.payment_invoices (user_id, id desc);
create index payment_invoices_open on urgent.payment_invoices (expires_at) where status in ('created', 'pending');

-- The customer of a taken order answers; the order's row is locked by the caller.
create function urgent.respond(p_order text) returns boolean language plpgsql as $$
begin
    delete from urgent.unanswered n where n.order_id = p_order;
    update urgent.orders o set customer_responded_at = now(), updated_at = now() where o.id = p_order;
    return found;
end $$;

-- The ledger's door for functions of the database: writes a movement of amounts between accounts, once per key. False when
-- one of this key stands in the book. The accounts are there, and are given in ascending id, like everybody's who posts.
create function payments.post(
    p_id uuid, p_kind text, p_product text, p_key text, p_description text, p_accounts uuid[], p_amounts bigint[]
) returns boolean language plpgsql as $$
begin
    insert into payments.transactions (id, kind, product, idempotency_key, description, at)
    values (p_id, p_kind, p_product, p_key, p_description, now())
    on conflict (idempotency_key) do nothing;
    if not found then
        return false;
    end if;
    insert into payments.entries (transaction_id, account_id, amount, balance_after)
    select p_id, p.account_id, p.amount, 0 from unnest(p_accounts, p_amounts) as p (account_id, amount) order by p.account_id;
    return true;
end $$;

-- Gives back what takes of an order have cost and have not had back, once each; of one executor, or of all. The order's row is
-- locked by the caller. Answers what was given back, for the event that tells of it.
create function urgent.refund(p_order text, p_executor bigint default null) returns jsonb language plpgsql as $$
declare
    takings uuid;
    r record;
    refund uuid;
    given jsonb := '[]';
begin
    select o.takings_id into takings from urgent.orders o where o.id = p_order;
    -- All accounts in one order before the first is posted to.
    perform from payments.accounts a
      where a.id in (select u.wallet_id from urgent.executor_takes t join urgent.users u on u.id = t.executor_id
                      where t.order_id = p_order and t.refunded_at is null and t.cost > 0
                        and (p_executor is null or t.executor_id = p_executor)
                     union all select takings)
      order by a.id for no key update;
    for r in
        update urgent.executor_takes t set refunded_at = now()
          from urgent.users u
         where t.order_id = p_order and t.refunded_at is null and (p_executor is null or t.executor_id = p_executor)
           and u.id = t.executor_id
        returning t.id, t.executor_id, t.cost, u.wallet_id
    loop
        if r.cost > 0 then
            refund := gen_random_uuid();
            perform payments.post(
                refund, 'urgent_refund', 'urgent', 'urgent:refund:' || p_order || ':' || r.executor_id, '',
                array[r.wallet_id, takings], array[r.cost * 100, -r.cost * 100]::bigint[]);
            update urgent.executor_takes t set refund_id = refund where t.id = r.id;
        end if;
        given := given || jsonb_build_object(
            'executor', r.executor_id, 'amount', r.cost,
            'balance', (select a.balance / 100 from payments.accounts a where a.id = r.wallet_id));
    end loop;
    return given;
end $$;

-- Ends an order whose row the caller has locked, in one of the ways there are, with what is given back for it, and leaves the
-- event that tells of it. Nothing for one that is not active in the table.
create function urgent.finish(
    p_order text, p_status text, p_reason text, p_at timestamptz, p_refunding boolean, p_chosen bigint default null
) returns boolean language plpgsql as $$
declare
    given jsonb := '[]';
begin
    update urgent.orders o
       set status = p_status, close_reason = p_reason, closed_at = p_at, updated_at = now(), chosen_executor_id = p_chosen
     where o.id = p_order and o.status = 'active';
    if not found then
        return false;
    end if;
    delete from urgent.unanswered n where n.order_id = p_order;
    if p_refunding then
        given := urgent.refund(p_order);
    end if;
    insert into api.outbox (event, object_type, data)
    values (
        case p_status when 'completed' then 'urgent.order_completed' when 'expired' then 'urgent.order_expired'
                      when 'deleted' then 'urgent.order_deleted' else 'urgent.order_closed' end,
        'urgent_order',
        jsonb_build_object('order', p_order, 'status', p_status, 'close_reason', p_reason, 'refunded', given));
    return true;
end $$;

-- Books that an order's time has passed, as of the instant when it did. The caller has locked its row and found it lapsed.
create function urgent.lapse(o urgent.orders) returns boolean language sql as $$
    select case
        when o.customer_responded_at is null and o.no_response_at <= o.expires_at
            then urgent.finish(o.id, 'closed_no_response', 'no_response', o.no_response_at, true)
        else urgent.finish(o.id, 'expired', 'expired', o.expires_at, o.customer_responded_at is null)
    end
$$;

-- An executor takes an order: all of 4.4 in one call. Locks the order, then the accounts by id. The outcome is `taken`,
-- `repeated`, or the code of the refusal; only `taken` and a lapsed order's end have changed anything.
create function urgent.take(
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
        insert into urgent.unanswered (order_id, due_at) values (p_order, now() + p_window);
    end if;
    insert into api.outbox (event, object_type, data)
    values ('urgent.order_taken', 'urgent_order', jsonb_build_object(
        'order', p_order, 'executor', p_user, 'count', o.takes_count + 1, 'amount', p_cost, 'balance', money / 100 - p_cost));
    return query select 'taken', o.contact::text, o.takes_count + 1, (money - p_cost * 100) / 100, p_cost, now();
end $$;
