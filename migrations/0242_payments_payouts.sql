-- Intent: what the platform owes payees is paid out: a payout of payments and refunds, each in one payout only, and the
-- accounts to which it goes. A payout a week per payee; an item per payment and per refund, kept ten years.
create table payments.payouts (
    id                 uuid primary key,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    number             text not null constraint payouts_number_unique unique check (length(number) <= 40),
    payee_type         text not null check (length(payee_type) between 1 and 40),
    payee_id           uuid not null,
    currency           char(3) not null check (currency ~ '^[A-Z]{3}$'),
    gross              bigint not null check (gross >= 0),
    commission         bigint not null,
    adjustment         bigint not null,
    amount             bigint not null,
    from_on            date not null,
    to_on              date not null,
    due_on             date not null,
    items_count        int not null check (items_count > 0),
    status             text not null default 'pending'
                       check (status in ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    method             text check (method in ('bank_transfer', 'card', 'provider', 'wallet')),
    provider_payout_id text constraint payouts_provider_unique unique check (length(provider_payout_id) <= 255),
    idempotency_key    uuid not null constraint payouts_key_unique unique,
    processed_by       uuid references identity.users on delete set null,
    processed_at       timestamptz,
    completed_at       timestamptz,
    failure            text check (length(failure) <= 500),
    notes              text check (length(notes) <= 500),
    constraint payouts_sum check (amount = gross - commission + adjustment and amount > 0),
    constraint payouts_days check (from_on <= to_on),
    constraint payouts_state_processed check (status in ('pending', 'cancelled') or processed_at is not null),
    constraint payouts_state_completed check ((status = 'completed') = (completed_at is not null)),
    constraint payouts_state_method check (status in ('pending', 'cancelled') or method is not null)
);
-- One at a time per payee and currency, however many are formed at once.
create unique index payouts_open on payments.payouts (payee_type, payee_id, currency)
    where status in ('pending', 'processing');
create index payouts_payee on payments.payouts (payee_id, id desc);
create index payouts_status on payments.payouts (status, id);
create index payouts_processor on payments.payouts (processed_by) where processed_by is not null;

-- What a payout is made of: payments, and refunds that take away from them. Released when the payout is given up.
create table payments.payout_items (
    payout_id   uuid not null references payments.payouts on delete cascade,
    object_type text not null check (object_type in ('payment', 'refund')),
    object_id   uuid not null,
    amount      bigint not null,
    commission  bigint not null,
    net         bigint not null,
    released_at timestamptz,
    primary key (payout_id, object_id),
    constraint payout_items_sum check (net = amount - commission)
);
create unique index payout_items_once on payments.payout_items (object_id) where released_at is null;

create table payments.payout_accounts (
    payee_type  text not null check (length(payee_type) between 1 and 40),
    payee_id    uuid not null,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    holder      text not null check (length(holder) between 1 and 150),
    bank        text not null check (length(bank) between 1 and 150),
    details_enc bytea not null,
    last4       text not null check (length(last4) between 1 and 4),
    primary key (payee_type, payee_id)
);
