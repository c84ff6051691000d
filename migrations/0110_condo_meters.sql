-- Meter types, meters and readings. A few meters per unit; a reading per meter and month, kept for ever:
-- the largest table of the product, tens of millions of rows.

create table condo.meter_types (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  company_id uuid references condo.companies on delete restrict,
  condo_id uuid references condo.condos on delete restrict,
  code text not null check (code ~ '^[a-z][a-z0-9_]*$' and length(code) <= 50),
  name text not null check (length(name) between 1 and 255),
  description text check (length(description) <= 5000),
  unit text not null check (length(unit) between 1 and 50),
  icon text check (length(icon) <= 50),
  zones text[] not null default '{}' check (cardinality(zones) <= 4),
  max_monthly_increase numeric(12,3) check (max_monthly_increase > 0),
  check (company_id is null or condo_id is null)
);
create unique index meter_types_code on condo.meter_types (company_id, condo_id, code) nulls not distinct
  where deleted_at is null;
create index meter_types_of_condo on condo.meter_types (condo_id);

insert into condo.meter_types (id, code, name, unit, icon, zones) values
  ('01900000-0000-7000-8000-000000000201', 'cold_water', 'Cold water', 'm³', 'water', '{}'),
  ('01900000-0000-7000-8000-000000000202', 'hot_water', 'Hot water', 'm³', 'water', '{}'),
  ('01900000-0000-7000-8000-000000000203', 'gas', 'Gas', 'm³', 'flame', '{}'),
  ('01900000-0000-7000-8000-000000000204', 'electricity', 'Electricity', 'kWh', 'bolt', '{}'),
  ('01900000-0000-7000-8000-000000000205', 'electricity_day_night', 'Electricity, day and night', 'kWh', 'bolt', '{day,night}'),
  ('01900000-0000-7000-8000-000000000206', 'heating', 'Heating', 'Gcal', 'radiator', '{}');

-- last_* repeat the newest reading that counts, so that the usual reading (a later date) is judged without a look at
-- the readings themselves.
create table condo.meters (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  unit_id uuid not null references condo.units on delete restrict,
  meter_type_id uuid not null references condo.meter_types on delete restrict,
  serial_number text check (length(serial_number) between 1 and 50),
  installation_date date,
  last_verification_date date,
  next_verification_date date,
  initial_reading numeric(12,3) not null default 0 check (initial_reading between 0 and 999999999.999),
  initial_zone_values jsonb check (jsonb_typeof(initial_zone_values) = 'object'),
  last_reading numeric(12,3),
  last_zone_values jsonb check (jsonb_typeof(last_zone_values) = 'object'),
  last_reading_date date,
  is_active boolean not null default true,
  constraint meters_of_unit unique (id, unit_id),
  check ((last_reading is null) = (last_reading_date is null))
) with (fillfactor = 80);  -- each reading rewrites last_reading in place
create unique index meters_serial_number on condo.meters (serial_number) where deleted_at is null;
create index meters_unit on condo.meters (unit_id);
create index meters_type on condo.meters (meter_type_id);

-- unit_id and condo_id are copied for lists; the composite keys hold them to the meter's own unit and condo.
create table condo.meter_readings (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  meter_id uuid not null,
  unit_id uuid not null,
  condo_id uuid not null,
  user_id uuid references identity.users on delete set null,
  value numeric(12,3) not null check (value > 0),
  zone_values jsonb check (jsonb_typeof(zone_values) = 'object'),
  consumption numeric(12,3) not null,
  reading_date date not null,
  source text not null default 'manual' check (source in ('manual', 'telegram', 'ocr', 'auto', 'import')),
  photo_file_id uuid,
  ocr_confidence numeric(4,3) check (ocr_confidence between 0 and 1),
  ocr_provider text check (length(ocr_provider) <= 50),
  is_verified boolean not null default false,
  verified_by uuid references identity.users on delete set null,
  verified_at timestamptz,
  is_forced boolean not null default false,
  notes text check (length(notes) <= 2000),
  constraint readings_meter foreign key (meter_id, unit_id) references condo.meters (id, unit_id) on delete restrict,
  constraint readings_unit foreign key (unit_id, condo_id) references condo.units (id, condo_id) on delete restrict,
  check (is_verified = (verified_at is not null))
);
create unique index readings_once_a_day on condo.meter_readings (meter_id, reading_date) where deleted_at is null;
create index readings_of_condo on condo.meter_readings (condo_id, reading_date desc, id) where deleted_at is null;
create index readings_of_unit on condo.meter_readings (unit_id, reading_date desc) where deleted_at is null;
create index readings_unverified on condo.meter_readings (condo_id) where not is_verified and deleted_at is null;
create index readings_by_user on condo.meter_readings (user_id);
