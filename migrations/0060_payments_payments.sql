-- Payments, the attempts made at providers, refunds, the inbox of provider webhooks, and the sandbox provider's own orders.
-- Sizes: a few payments per invoice or order (millions over years), kept ten years; webhook events are kept 90 days.

create schema payments;

create table payments.payments (
    id                uuid primary key,
    created_at        timestamptz not null default now(),
    updated_at        timestamptz not null default now(),
    reference         char(24) not null constraint payments_reference_unique unique check (reference ~ '^ORD_[A-Z2-7]{20}$'),
    product           text not null check (length(product) between 1 and 40),
    purpose           text not null check (length(purpose) between 1 and 30),
    purpose_id        uuid not null,
    payer_id          uuid references identity.users on delete set null,
    payer             jsonb not null default '{}' check (jsonb_typeof(payer) = 'object'),
    scope_type        text not null check (length(scope_type) between 1 and 40),
    scope_id          uuid not null,
    -- Whom the money is for: the owner of the ledger's payable. The platform has no id.
    payee_type        text not null check (length(payee_type) between 1 and 40),
    payee_id          uuid,
    amount            bigint not null check (amount > 0),
    currency          char(3) not null check (currency ~ '^[A-Z]{3}$'),
    captured          bigint not null default 0,
    refunded          bigint not null default 0,
    fee               bigint not null default 0 check (fee >= 0),
    fee_tax           bigint not null default 0 check (fee_tax >= 0),
    commission        bigint not null default 0 check (commission between 0 and amount),
    provider          text check (length(provider) between 1 and 30),
    method            text check (length(method) between 1 and 20),
    capture           text not null default 'automatic' check (capture in ('automatic', 'manual')),
    status            text not null default 'created'
                      check (status in ('created', 'pending', 'authorized', 'succeeded', 'failed', 'cancelled', 'expired',
                                        'unknown', 'partially_refunded', 'refunded')),
    description       text not null default '' check (length(description) <= 250),
    return_url        text check (length(return_url) <= 500),
    metadata          jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
    parts             jsonb not null default '[]' check (jsonb_typeof(parts) = 'array'),
    lock_key          text check (length(lock_key) between 1 and 120),
    expires_at        timestamptz not null,
    recorded_by       uuid references identity.users on delete set null,
    outside_reference text check (length(outside_reference) <= 100),
    receipt_number    text constraint payments_receipt_unique unique check (length(receipt_number) <= 40),
    failure_code      text check (length(failure_code) <= 60),
    failure_message   text check (length(failure_message) <= 500),
    is_late           boolean not null default false,
    is_live           boolean not null default false,
    authorized_at     timestamptz,
    succeeded_at      timestamptz,
    failed_at         timestamptz,
    cancelled_at      timestamptz,

    constraint payments_payee_id check ((payee_type = 'platform') = (payee_id is null)),
    constraint payments_sums check (refunded >= 0 and refunded <= captured and captured <= amount),
    constraint payments_state_succeeded
        check ((status in ('succeeded', 'partially_refunded', 'refunded')) = (succeeded_at is not null)),
    constraint payments_state_captured check ((succeeded_at is not null) = (captured > 0)),
    constraint payments_state_receipt check (receipt_number is null or succeeded_at is not null),
    constraint payments_state_failed check (status <> 'failed' or failed_at is not null),
    constraint payments_state_cancelled check (status <> 'cancelled' or cancelled_at is not null),
    constraint payments_state_authorized check (status <> 'authorized' or authorized_at is not null),
    constraint payments_state_refunded check ((status = 'refunded') = (refunded = captured and captured > 0)),
    constraint payments_state_partial check ((status = 'partially_refunded') = (refunded > 0 and refunded < captured)),
    constraint payments_late check (not is_late or succeeded_at is not null)
);

-- One open payment per object, whatever arrives at once.
create unique index payments_open_lock on payments.payments (lock_key)
    where status in ('created', 'pending', 'authorized', 'unknown');
create index payments_payer on payments.payments (payer_id, created_at desc) where payer_id is not null;
create index payments_scope on payments.payments (scope_id, created_at desc);
create index payments_payee on payments.payments (payee_id, created_at desc) where payee_id is not null;
create index payments_purpose on payments.payments (purpose, purpose_id);
create index payments_status_expiry on payments.payments (status, expires_at);
create index payments_recorder on payments.payments (recorded_by) where recorded_by is not null;

create table payments.attempts (
    id                  uuid primary key,
    payment_id          uuid not null references payments.payments on delete cascade,
    number              int not null check (number > 0),
    provider            text not null check (length(provider) between 1 and 30),
    idempotency_key     uuid not null constraint attempts_key_unique unique,
    provider_order_id   text check (length(provider_order_id) <= 255),
    provider_payment_id text check (length(provider_payment_id) <= 255),
    status              text not null default 'created'
                        check (status in ('created', 'pending', 'authorized', 'succeeded', 'failed', 'cancelled', 'expired',
                                          'unknown')),
    raw_status          text check (length(raw_status) <= 60),
    checkout_url        text check (length(checkout_url) <= 500),
    amount              bigint not null check (amount > 0),
    error_code          text check (length(error_code) <= 60),
    checks              int not null default 0 check (checks >= 0),
    next_check_at       timestamptz,
    created_at          timestamptz not null default now(),
    constraint attempts_number_unique unique (payment_id, number),
    constraint attempts_order_unique unique (provider, provider_order_id),
    constraint attempts_provider_payment_unique unique (provider, provider_payment_id)
);
create unique index attempts_one_success on payments.attempts (payment_id) where status = 'succeeded';
create unique index attempts_one_open on payments.attempts (payment_id) where status in ('pending', 'unknown');
create index attempts_next_check on payments.attempts (next_check_at)
    where status in ('created', 'pending', 'authorized', 'unknown');

create table payments.refunds (
    id                 uuid primary key,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),
    number             text not null constraint refunds_number_unique unique check (length(number) <= 40),
    payment_id         uuid not null references payments.payments on delete restrict,
    amount             bigint not null check (amount > 0),
    status             text not null default 'requested'
                       check (status in ('requested', 'info_requested', 'approved', 'processing', 'succeeded', 'failed',
                                         'rejected')),
    reason             text not null
                       check (reason in ('customer_request', 'service_not_provided', 'duplicate', 'fraudulent',
                                         'cancelled_by_client', 'cancelled_by_provider', 'no_show', 'technical',
                                         'poor_quality', 'other')),
    details            text check (length(details) <= 1000),
    requested_by       uuid references identity.users on delete set null,
    requester_kind     text not null check (requester_kind in ('payer', 'staff', 'system')),
    statement          text check (length(statement) <= 2000),
    admin_notes        text check (length(admin_notes) <= 2000),
    decided_by         uuid references identity.users on delete set null,
    decided_at         timestamptz,
    decision_reason    text check (length(decision_reason) <= 500),
    provider_refund_id text constraint refunds_provider_unique unique check (length(provider_refund_id) <= 255),
    idempotency_key    uuid not null constraint refunds_key_unique unique,
    failure            text check (length(failure) <= 500),
    -- Money that found no use when it came: nothing of what was paid for is taken back with it.
    is_unused          boolean not null default false,
    constraint refunds_state_decided
        check (status in ('requested', 'info_requested') or decided_at is not null)
);
create index refunds_payment on payments.refunds (payment_id);
create index refunds_status on payments.refunds (status, id);
create index refunds_requester on payments.refunds (requested_by) where requested_by is not null;
create index refunds_decider on payments.refunds (decided_by) where decided_by is not null;

-- A provider's event is stored once, as its raw bytes came, and carried out by a job.
create table payments.webhook_events (
    id           uuid primary key,
    provider     text not null check (length(provider) between 1 and 30),
    event_id     text not null check (length(event_id) between 1 and 255),
    type         text not null check (length(type) <= 120),
    object_id    text check (length(object_id) <= 255),
    headers      jsonb not null default '{}',
    body         text not null,
    status       text not null default 'received' check (status in ('received', 'processed', 'ignored', 'failed')),
    attempts     int not null default 0 check (attempts >= 0),
    error        text check (length(error) <= 1000),
    received_at  timestamptz not null default now(),
    processed_at timestamptz,
    constraint webhook_events_once unique (provider, event_id),
    constraint webhook_events_state check ((status in ('processed', 'ignored')) = (processed_at is not null))
);
create index webhook_events_received on payments.webhook_events (received_at);

-- Receipt and refund numbers, gap-free per series and month, raised like those of invoices.
create table payments.counters (
    series text not null,
    period text not null check (period ~ '^[0-9]{6}$'),
    value  int not null check (value > 0),
    primary key (series, period)
) with (fillfactor = 50);

-- The sandbox plays a provider; these rows are its memory, not ours. Only its adaptor reads and writes them.
create table payments.sandbox_orders (
    id         text primary key check (length(id) <= 255),
    attempt_id uuid not null constraint sandbox_orders_attempt_unique unique
               references payments.attempts on delete cascade,
    amount     bigint not null check (amount > 0),
    currency   char(3) not null,
    status     text not null default 'open' check (status in ('open', 'paid', 'failed', 'cancelled')),
    paid       bigint not null default 0 check (paid >= 0),
    payment_id text,
    refunded   bigint not null default 0 check (refunded between 0 and paid),
    refund_keys uuid[] not null default '{}',
    created_at timestamptz not null default now(),
    decided_at timestamptz,
    constraint sandbox_orders_paid check ((status = 'paid') = (paid > 0)),
    constraint sandbox_orders_decided check ((status = 'open') = (decided_at is null))
);

alter table invoices.allocations
    add constraint allocations_payment_id_fkey foreign key (payment_id) references payments.payments on delete restrict;
