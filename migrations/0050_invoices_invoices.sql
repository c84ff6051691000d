-- Invoices of every product, their lines, what paid them, and the counters behind their numbers.
-- Sizes: one row per unit and month (some hundred thousand a year), four to ten lines each; rows are kept ten years.
-- A party is a scope (type and id); the platform is the one party without an id.

create schema invoices;

create table invoices.invoices (
    id            uuid primary key,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    series        text not null check (length(series) between 1 and 40),
    number        text check (length(number) between 1 and 50),
    kind          text not null check (length(kind) between 1 and 30),
    product       text not null check (length(product) between 1 and 40),
    issuer_type   text not null check (length(issuer_type) between 1 and 40),
    issuer_id     uuid,
    debtor_type   text not null check (length(debtor_type) between 1 and 40),
    debtor_id     uuid not null,
    scope_type    text not null check (length(scope_type) between 1 and 40),
    scope_id      uuid not null,
    object_type   text check (length(object_type) between 1 and 40),
    object_id     uuid,
    status        text not null default 'draft'
                  check (status in ('draft', 'issued', 'partially_paid', 'paid', 'overdue', 'cancelled')),
    period        date check (extract(day from period) = 1),
    time_zone     text not null check (length(time_zone) between 1 and 64),
    issued_on     date,
    due_on        date not null,
    currency      char(3) not null check (currency ~ '^[A-Z]{3}$'),
    subtotal      bigint not null check (subtotal >= 0),
    tax           bigint not null default 0 check (tax >= 0),
    total         bigint not null,
    paid          bigint not null default 0,
    taxes         jsonb not null default '[]' check (jsonb_typeof(taxes) = 'array'),
    description   text check (length(description) <= 500),
    notes         text check (length(notes) <= 2000),
    snapshot      jsonb not null default '{}' check (jsonb_typeof(snapshot) = 'object'),
    next_reminder_at timestamptz,
    cancelled_at  timestamptz,
    cancel_reason text check (length(cancel_reason) <= 500),

    constraint invoices_number_unique unique (series, number),
    constraint invoices_issuer_id check ((issuer_type = 'platform') = (issuer_id is null)),
    constraint invoices_object_whole check ((object_type is null) = (object_id is null)),
    constraint invoices_total_sum check (total = subtotal + tax),
    constraint invoices_paid_range check (paid between 0 and total),
    -- A draft has no number; a number comes with the day of issue and never goes. A draft may be cancelled without one.
    constraint invoices_number_at_issue check ((number is null) = (issued_on is null)),
    constraint invoices_draft_number check (status <> 'draft' or number is null),
    constraint invoices_open_number check (number is not null or status in ('draft', 'cancelled')),
    constraint invoices_state_cancelled check ((status = 'cancelled') = (cancelled_at is not null)),
    constraint invoices_state_cancel_unpaid check (status not in ('draft', 'cancelled') or paid = 0),
    constraint invoices_state_paid check ((status = 'paid') = (paid = total and status not in ('draft', 'cancelled'))),
    constraint invoices_state_partial check (status <> 'partially_paid' or paid > 0),
    constraint invoices_state_issued check (status <> 'issued' or paid = 0)
);

-- One live invoice of a kind per debtor and period, and per object: two generations at once make one.
create unique index invoices_live_period on invoices.invoices (kind, debtor_id, period)
    where period is not null and status <> 'cancelled';
create unique index invoices_live_object on invoices.invoices (kind, object_id)
    where object_id is not null and status <> 'cancelled';
-- Lists of an office, of a debtor, of an issuer; ids are version 7, so (…, id) is the order of creation.
create index invoices_scope_status on invoices.invoices (scope_id, status, id);
create index invoices_scope on invoices.invoices (scope_id, id);
create index invoices_debtor on invoices.invoices (debtor_id, id);
create index invoices_issuer on invoices.invoices (issuer_id, id) where issuer_id is not null;
-- The overdue job, and a debtor's open invoices oldest due first.
create index invoices_open_due on invoices.invoices (due_on, id) where status in ('issued', 'partially_paid');
create index invoices_open_debtor on invoices.invoices (debtor_id, due_on, id)
    where status in ('issued', 'partially_paid', 'overdue');

create table invoices.items (
    id          uuid primary key,
    invoice_id  uuid not null references invoices.invoices on delete cascade,
    position    int not null check (position between 1 and 1000),
    description text not null check (length(description) between 1 and 500),
    quantity    numeric(14,3) not null check (quantity > 0),
    unit_price  numeric(16,6) not null check (unit_price >= 0),
    amount      bigint not null check (amount >= 0),
    tax_rate    numeric(5,2) check (tax_rate between 0 and 100),
    source      text check (length(source) between 1 and 120),
    is_estimate boolean not null default false,
    constraint items_position_unique unique (invoice_id, position)
);
create index items_source on invoices.items (source) where source is not null;

-- What a payment gave to an invoice. A reversed one stays, with its instant. The payment's key is added with its table.
create table invoices.allocations (
    invoice_id  uuid not null references invoices.invoices on delete restrict,
    payment_id  uuid not null,
    amount      bigint not null check (amount > 0),
    created_at  timestamptz not null default now(),
    reversed_at timestamptz,
    primary key (invoice_id, payment_id)
);
create index allocations_payment on invoices.allocations (payment_id);

-- Raised inside the transaction that issues: an issue that rolls back gives its number back, so there is no gap.
create table invoices.counters (
    series text not null,
    year   int not null check (year between 2000 and 9999),
    value  int not null check (value > 0),
    primary key (series, year)
) with (fillfactor = 50);

-- At commit the lines of an invoice must make its subtotal, and what was allocated its paid amount.
create function invoices.check_sums() returns trigger language plpgsql as $$
declare
    target uuid := case when tg_table_name = 'invoices' then (to_jsonb(new) ->> 'id')::uuid
                        else (to_jsonb(new) ->> 'invoice_id')::uuid end;
    invoice record;
begin
    select i.subtotal, i.paid, i.status,
           (select coalesce(sum(t.amount), 0) from invoices.items t where t.invoice_id = i.id) as lines,
           (select coalesce(sum(a.amount), 0) from invoices.allocations a
             where a.invoice_id = i.id and a.reversed_at is null) as allocated
      into invoice from invoices.invoices i where i.id = target;
    if not found then
        return null;
    end if;
    if invoice.subtotal <> invoice.lines then
        raise exception 'lines of invoice % make %, its subtotal is %', target, invoice.lines, invoice.subtotal
            using errcode = 'check_violation', constraint = 'invoices_lines_sum';
    end if;
    if invoice.paid <> invoice.allocated then
        raise exception 'allocations of invoice % make %, its paid amount is %', target, invoice.allocated, invoice.paid
            using errcode = 'check_violation', constraint = 'invoices_allocations_sum';
    end if;
    return null;
end $$;

create constraint trigger invoices_sums_on_insert after insert on invoices.invoices
    deferrable initially deferred for each row execute function invoices.check_sums();
create constraint trigger invoices_sums_on_update after update of subtotal, paid on invoices.invoices
    deferrable initially deferred for each row execute function invoices.check_sums();
create constraint trigger allocations_sums after insert or update on invoices.allocations
    deferrable initially deferred for each row execute function invoices.check_sums();
