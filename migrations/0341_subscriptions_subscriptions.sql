-- Plans of products, who has subscribed to them, what is asked and paid for each period, and what of a plan's limits is used.
-- Sizes: tens of plans, a subscription per tenant or subscriber (some hundred thousand), a charge per period, a change per event.

create schema subscriptions;

create table subscriptions.plans (
    id               uuid primary key,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    product          text not null check (length(product) between 1 and 40),
    subscriber_type  text not null check (length(subscriber_type) between 1 and 40),
    slug             text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 50),
    name             text not null check (length(name) between 1 and 100),
    description      text check (length(description) between 1 and 2000),
    type             text not null check (type in ('free', 'trial', 'starter', 'basic', 'professional', 'pro', 'enterprise', 'custom')),
    limits           jsonb not null default '{}' check (jsonb_typeof(limits) = 'object'),
    features         text[] not null default '{}' check (cardinality(features) <= 100),
    permissions      text[] not null default '{}' check (cardinality(permissions) <= 100),
    discount_percent numeric(5,2) not null default 0 check (discount_percent between 0 and 100),
    trial_days       int not null default 0 check (trial_days between 0 and 365),
    is_active        boolean not null default true,
    is_popular       boolean not null default false,
    display_order    int not null default 0 check (display_order between 0 and 100000),
    constraint plans_slug_unique unique (product, slug)
);

create table subscriptions.plan_prices (
    plan_id  uuid not null references subscriptions.plans on delete cascade,
    cycle    text not null check (cycle in ('monthly', 'quarterly', 'half_yearly', 'annual', 'days30')),
    currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
    amount   bigint not null check (amount >= 0),
    primary key (plan_id, cycle, currency)
);

create table subscriptions.subscriptions (
    id                   uuid primary key,
    created_at           timestamptz not null,
    updated_at           timestamptz not null,
    product              text not null check (length(product) between 1 and 40),
    subscriber_type      text not null check (length(subscriber_type) between 1 and 40),
    subscriber_id        uuid not null,
    plan_id              uuid not null references subscriptions.plans on delete restrict,
    cycle                text not null check (cycle in ('monthly', 'quarterly', 'half_yearly', 'annual', 'days30')),
    amount               bigint not null check (amount >= 0),
    currency             char(3) not null check (currency ~ '^[A-Z]{3}$'),
    status               text not null check (status in ('pending', 'trialing', 'active', 'past_due', 'cancelled', 'expired')),
    period_start_at      timestamptz not null,
    period_end_at        timestamptz not null,
    anchor_day           int not null check (anchor_day between 1 and 31),
    had_trial            boolean not null default false,
    auto_renew           boolean not null default true,
    cancel_at_period_end boolean not null default false,
    cancelled_at         timestamptz,
    cancel_reason        text check (length(cancel_reason) between 1 and 500),
    next_plan_id         uuid references subscriptions.plans on delete restrict,
    next_cycle           text check (next_cycle in ('monthly', 'quarterly', 'half_yearly', 'annual', 'days30')),
    saved_method_id      uuid references payments.saved_methods on delete set null,
    attempts             int not null default 0 check (attempts >= 0),
    grace_until          timestamptz,
    -- When the hourly job has to look at it next; null when never.
    next_step_at         timestamptz,
    constraint subscriptions_period check (period_end_at > period_start_at),
    constraint subscriptions_cancelled check ((cancelled_at is not null) = (cancel_at_period_end or status = 'cancelled')),
    constraint subscriptions_grace check ((status = 'past_due') = (grace_until is not null)),
    constraint subscriptions_ended_rests check (status not in ('cancelled', 'expired') or next_step_at is null)
);
-- One live subscription per subscriber and product: two at once make one.
create unique index subscriptions_live on subscriptions.subscriptions (product, subscriber_type, subscriber_id)
    where status in ('pending', 'trialing', 'active', 'past_due');
create index subscriptions_subscriber on subscriptions.subscriptions (subscriber_id, id);
create index subscriptions_status_end on subscriptions.subscriptions (status, period_end_at);
create index subscriptions_step on subscriptions.subscriptions (next_step_at) where next_step_at is not null;
create index subscriptions_plan on subscriptions.subscriptions (plan_id, status);
create index subscriptions_saved_method on subscriptions.subscriptions (saved_method_id) where saved_method_id is not null;
create index subscriptions_next_plan on subscriptions.subscriptions (next_plan_id) where next_plan_id is not null;

-- What is asked of a subscriber. A renewal is asked once per period, whatever races; one thing is open at a time.
create table subscriptions.charges (
    id              uuid primary key,
    created_at      timestamptz not null,
    subscription_id uuid not null references subscriptions.subscriptions on delete restrict,
    kind            text not null check (kind in ('first', 'renewal', 'change')),
    plan_id         uuid not null references subscriptions.plans on delete restrict,
    cycle           text not null check (cycle in ('monthly', 'quarterly', 'half_yearly', 'annual', 'days30')),
    amount          bigint not null check (amount > 0),
    currency        char(3) not null check (currency ~ '^[A-Z]{3}$'),
    from_at         timestamptz not null,
    to_at           timestamptz not null,
    status          text not null default 'open' check (status in ('open', 'paid', 'void', 'refunded')),
    paid_at         timestamptz,
    payment_id      uuid references payments.payments on delete restrict,
    invoice_id      uuid references invoices.invoices on delete restrict,
    constraint charges_span check (to_at > from_at),
    constraint charges_paid check ((status in ('paid', 'refunded')) = (paid_at is not null))
);
create unique index charges_open on subscriptions.charges (subscription_id) where status = 'open';
create unique index charges_renewal on subscriptions.charges (subscription_id, from_at)
    where kind = 'renewal' and status <> 'void';
create index charges_subscription on subscriptions.charges (subscription_id, id);
create index charges_plan on subscriptions.charges (plan_id);
create index charges_payment on subscriptions.charges (payment_id) where payment_id is not null;
create index charges_invoice on subscriptions.charges (invoice_id) where invoice_id is not null;

create table subscriptions.changes (
    id              uuid primary key,
    subscription_id uuid not null references subscriptions.subscriptions on delete restrict,
    change          text not null check (change in ('created', 'activated', 'renewed', 'upgraded', 'downgraded', 'cancelled',
                        'resumed', 'expired', 'extended', 'comped', 'payment_failed')),
    from_plan_id    uuid references subscriptions.plans on delete restrict,
    to_plan_id      uuid references subscriptions.plans on delete restrict,
    from_mrr        bigint not null,
    to_mrr          bigint not null,
    currency        char(3) not null,
    actor_id        uuid references identity.users on delete restrict,
    reason          text check (length(reason) between 1 and 500),
    at              timestamptz not null
);
create index changes_subscription on subscriptions.changes (subscription_id, id);
create index changes_at on subscriptions.changes (at);
create index changes_from_plan on subscriptions.changes (from_plan_id) where from_plan_id is not null;
create index changes_to_plan on subscriptions.changes (to_plan_id) where to_plan_id is not null;
create index changes_actor on subscriptions.changes (actor_id) where actor_id is not null;

-- What of a limit is used in a period: once per object, taken and returned under the subscription's lock.
create table subscriptions.usage_units (
    subscription_id uuid not null references subscriptions.subscriptions on delete restrict,
    name            text not null check (length(name) between 1 and 50),
    object_id       uuid not null,
    period_start_at timestamptz not null,
    returned_at     timestamptz,
    primary key (subscription_id, name, object_id)
);
create index usage_units_period on subscriptions.usage_units (subscription_id, period_start_at, name) where returned_at is null;
