-- Monthly generation: one run per active condo and period, and for each metered invoice line what it charged.
-- Runs: one per condo and month. Charges: about three per unit and month, as large as the invoice items they explain.

create table condo.billing_runs (
  id uuid primary key,
  created_at timestamptz not null default now(),
  condo_id uuid not null references condo.condos on delete restrict,
  period date not null check (extract(day from period) = 1),
  unit_ids uuid[] check (cardinality(unit_ids) <= 1000),
  started_by uuid references identity.users on delete set null,
  status text not null default 'queued' check (status in ('queued', 'running', 'done', 'failed')),
  units int not null default 0 check (units >= 0),
  created int not null default 0 check (created >= 0),
  skipped int not null default 0 check (skipped >= 0),
  total_minor bigint not null default 0 check (total_minor >= 0),
  currency char(3) not null,
  problems jsonb not null default '[]' check (jsonb_typeof(problems) = 'array' and jsonb_array_length(problems) <= 1000),
  finished_at timestamptz,
  constraint billing_runs_finished check ((status in ('done', 'failed')) = (finished_at is not null))
);
create unique index billing_runs_one_open on condo.billing_runs (condo_id, period) where status in ('queued', 'running');
create index billing_runs_of_condo on condo.billing_runs (condo_id, period desc);
create index billing_runs_starter on condo.billing_runs (started_by);

create table condo.meter_charges (
  id uuid primary key,
  created_at timestamptz not null default now(),
  invoice_id uuid not null references invoices.invoices on delete cascade,
  invoice_item_id uuid not null references invoices.items on delete cascade,
  meter_id uuid not null references condo.meters on delete restrict,
  tariff_id uuid references condo.tariffs on delete set null,
  zone text check (length(zone) <= 50),
  period date not null check (extract(day from period) = 1),
  quantity numeric(12,3) not null check (quantity > 0),
  reading_id uuid references condo.meter_readings on delete restrict,
  policy text check (policy in ('average', 'previous', 'norm')),
  constraint meter_charges_line unique (invoice_item_id),
  constraint meter_charges_once unique nulls not distinct (invoice_id, meter_id, zone),
  constraint meter_charges_estimate check ((reading_id is null) = (policy is not null))
);
create index meter_charges_meter on condo.meter_charges (meter_id);
create index meter_charges_reading on condo.meter_charges (reading_id);
create index meter_charges_tariff on condo.meter_charges (tariff_id);
