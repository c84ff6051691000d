-- When debtors are reminded of what they owe: two weeks after issue and then every week, and by a policy for each kind of
-- invoice (tens). What was sent is kept: five rows a late invoice.

create table invoices.dunning_policies (
    kind       text primary key check (length(kind) between 1 and 30),
    updated_at timestamptz not null,
    steps      jsonb not null check (jsonb_typeof(steps) = 'array' and jsonb_array_length(steps) between 1 and 20),
    is_enabled boolean not null default true
);

-- Each step once for an invoice, whatever races. A step is known by its days after the due day.
create table invoices.dunning_events (
    invoice_id uuid not null references invoices.invoices on delete cascade,
    day        int not null check (day between -60 and 365),
    channel    text not null check (channel in ('in_app', 'email')),
    sent_at    timestamptz not null,
    primary key (invoice_id, day)
);

create index invoices_dunning on invoices.invoices (kind, due_on, id) where status in ('issued', 'partially_paid', 'overdue');
create index invoices_reminder on invoices.invoices (next_reminder_at, id)
    where status in ('issued', 'partially_paid', 'overdue') and next_reminder_at is not null;

-- Those that are open already are reminded from now on, not of the weeks that have gone.
update invoices.invoices i
   set next_reminder_at = ((greatest(i.issued_on + 14, i.issued_on + 14
           + 7 * ceil(greatest((now() at time zone i.time_zone)::date - (i.issued_on + 14), 0) / 7.0)::int))::timestamp
       + interval '10 hours 5 minutes') at time zone i.time_zone
 where i.status in ('issued', 'partially_paid', 'overdue') and i.issued_on is not null;
