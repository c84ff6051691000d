-- Prices of a condo and the platform's defaults (no condo). Tens per condo and year; a price is never edited once
-- charged, it is closed and followed by a new row. Two active rows for one thing on one day are refused.

create table condo.tariffs (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  condo_id uuid references condo.condos on delete cascade,
  kind text not null check (kind in ('meter_based', 'area_based', 'fixed')),
  code text not null check (code ~ '^[a-z][a-z0-9_]*$' and length(code) <= 50),
  name text not null check (length(name) between 1 and 255),
  meter_type_code text check (length(meter_type_code) <= 50),
  zone text check (length(zone) <= 50),
  unit_type_code text check (length(unit_type_code) <= 50),
  price numeric(14,6) not null check (price > 0),
  currency char(3) not null check (currency in ('EUR', 'USD', 'RUB', 'BGN', 'PLN', 'KZT', 'UAH')),
  missing_reading_policy text not null default 'average' check (missing_reading_policy in ('average', 'previous', 'norm', 'skip')),
  norm_quantity numeric(12,3) check (norm_quantity >= 0),
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  is_active boolean not null default true,
  check ((meter_type_code is not null) = (kind = 'meter_based')),
  check (zone is null or kind = 'meter_based'),
  constraint tariffs_do_not_overlap exclude using gist (
    (coalesce(condo_id, '00000000-0000-0000-0000-000000000000'::uuid)) with =, code with =,
    (coalesce(unit_type_code, '')) with =, (coalesce(zone, '')) with =,
    daterange(valid_from, valid_to, '[]') with &&
  ) where (is_active and deleted_at is null)
);
create index tariffs_of_condo on condo.tariffs (condo_id, valid_from);

insert into condo.tariffs (id, kind, code, name, meter_type_code, price, currency, valid_from) values
  ('01900000-0000-7000-8000-000000000301', 'area_based', 'maintenance', 'Maintenance', null, 35, 'RUB', '2020-01-01'),
  ('01900000-0000-7000-8000-000000000302', 'fixed', 'heating_base', 'Heating, base fee', null, 1500, 'RUB', '2020-01-01'),
  ('01900000-0000-7000-8000-000000000303', 'meter_based', 'cold_water', 'Cold water', 'cold_water', 42.5, 'RUB', '2020-01-01'),
  ('01900000-0000-7000-8000-000000000304', 'meter_based', 'hot_water', 'Hot water', 'hot_water', 156, 'RUB', '2020-01-01'),
  ('01900000-0000-7000-8000-000000000305', 'meter_based', 'electricity', 'Electricity', 'electricity', 5.38, 'RUB', '2020-01-01'),
  ('01900000-0000-7000-8000-000000000306', 'meter_based', 'gas', 'Gas', 'gas', 7.25, 'RUB', '2020-01-01'),
  ('01900000-0000-7000-8000-000000000307', 'meter_based', 'heating', 'Heating', 'heating', 2100, 'RUB', '2020-01-01');
