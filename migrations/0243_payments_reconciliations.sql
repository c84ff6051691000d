-- Intent: what the nightly comparison with each provider, and of the book with itself, has found: a row a night for each. It
-- is told, never repaired silently. One lists payments by the day they were begun.
create table payments.reconciliations (
    provider    text not null check (length(provider) between 1 and 30),
    day_on      date not null,
    created_at  timestamptz not null default now(),
    checked     int not null check (checked >= 0),
    matched     int not null check (matched between 0 and checked),
    differences jsonb not null default '[]' check (jsonb_typeof(differences) = 'array'),
    primary key (provider, day_on)
);
create index reconciliations_day on payments.reconciliations (day_on desc, provider);
create index attempts_provider_created on payments.attempts (provider, created_at) where provider_order_id is not null;
