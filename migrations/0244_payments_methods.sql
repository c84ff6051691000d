-- Intent: what payers have saved at providers, to pay by again: of a card only what is shown of it, and the provider's name for
-- it. A few rows per payer who saves any.
create table payments.provider_customers (
    user_id     uuid not null references identity.users on delete cascade,
    provider    text not null check (length(provider) between 1 and 30),
    customer_id text not null check (length(customer_id) between 1 and 255),
    created_at  timestamptz not null default now(),
    primary key (user_id, provider)
);
create table payments.saved_methods (
    id         uuid primary key,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    user_id    uuid not null references identity.users on delete cascade,
    provider   text not null check (length(provider) between 1 and 30),
    method_id  text not null check (length(method_id) between 1 and 255),
    kind       text not null check (length(kind) between 1 and 20),
    brand      text check (length(brand) <= 30),
    last4      text check (length(last4) <= 4),
    -- The last month in which it is good.
    expires_on date,
    is_default boolean not null default false,
    deleted_at timestamptz,
    constraint saved_methods_once unique (provider, method_id),
    constraint saved_methods_default check (not is_default or deleted_at is null)
);
create unique index saved_methods_one_default on payments.saved_methods (user_id) where is_default;
create index saved_methods_user on payments.saved_methods (user_id, id) where deleted_at is null;
alter table payments.payments add column saved_method_id uuid references payments.saved_methods on delete set null;
create index payments_saved_method on payments.payments (saved_method_id) where saved_method_id is not null;
