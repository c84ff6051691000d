-- Houses, their entrances, and the units: tens of houses and hundreds to thousands of units per condo; a million units in all.
-- A unit is read far more often than anything else, so its row carries its whole scope chain and the labels it is shown
-- with: company, house and entrance number, type. These are copies that cannot drift: each is a part of a foreign key
-- with ON UPDATE CASCADE, for which the parents have a unique constraint on id and label.

create table condo.buildings (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  condo_id uuid not null references condo.condos on delete restrict,
  number text collate condo.natural not null check (length(number) between 1 and 50),
  street_address text check (length(street_address) <= 500),
  floor_count int check (floor_count between 1 and 200),
  entrance_count int check (entrance_count between 0 and 200),
  units_count int check (units_count >= 0),
  constraint buildings_of_condo unique (id, condo_id),
  constraint buildings_label unique (id, condo_id, number)
);
create unique index buildings_number on condo.buildings (condo_id, lower(number)) where deleted_at is null;

create table condo.entrances (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  building_id uuid not null references condo.buildings on delete restrict,
  number text collate condo.natural not null check (length(number) between 1 and 50),
  floor_count int check (floor_count between 1 and 200),
  units_count int check (units_count >= 0),
  intercom_code text check (length(intercom_code) <= 50),
  constraint entrances_of_building unique (id, building_id),
  constraint entrances_label unique (id, building_id, number)
);
create unique index entrances_number on condo.entrances (building_id, lower(number)) where deleted_at is null;

create table condo.unit_types (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  condo_id uuid references condo.condos on delete restrict,
  code text not null check (code ~ '^[a-z][a-z0-9_]*$' and length(code) <= 50),
  name text not null check (length(name) between 1 and 255),
  constraint unit_types_label unique (id, code, name)
);
create unique index unit_types_code on condo.unit_types (condo_id, code) nulls not distinct where deleted_at is null;

insert into condo.unit_types (id, code, name) values
  ('01900000-0000-7000-8000-000000000101', 'apartment', 'Apartment'),
  ('01900000-0000-7000-8000-000000000102', 'commercial', 'Commercial premises'),
  ('01900000-0000-7000-8000-000000000103', 'office', 'Office'),
  ('01900000-0000-7000-8000-000000000104', 'parking', 'Parking place'),
  ('01900000-0000-7000-8000-000000000105', 'storage', 'Store room');

create table condo.units (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  condo_id uuid not null,
  company_id uuid not null,
  building_id uuid,
  building_number text collate condo.natural,
  entrance_id uuid,
  entrance_number text collate condo.natural,
  unit_type_id uuid not null,
  type_code text not null,
  type_name text not null,
  number text collate condo.natural not null check (length(number) between 1 and 50),
  floor int check (floor between -10 and 200),
  area numeric(10,2) check (area > 0),
  area_living numeric(10,2) check (area_living > 0),
  rooms int check (rooms between 0 and 100),
  cadastral_number text check (length(cadastral_number) <= 50),
  owner_name text check (length(owner_name) <= 255),
  owner_email text check (length(owner_email) <= 254),
  owner_phone text check (length(owner_phone) <= 20),
  is_rented boolean not null default false,
  is_active boolean not null default true,
  -- Active residents, kept by a trigger on residents: lists and searches tell occupied from vacant without a second look-up.
  resident_count int not null default 0 check (resident_count >= 0),
  constraint units_of_condo unique (id, condo_id),
  constraint units_condo foreign key (condo_id, company_id)
    references condo.condos (id, company_id) on update cascade on delete restrict,
  constraint units_building foreign key (building_id, condo_id, building_number)
    references condo.buildings (id, condo_id, number) on update cascade on delete restrict,
  constraint units_entrance foreign key (entrance_id, building_id, entrance_number)
    references condo.entrances (id, building_id, number) on update cascade on delete restrict,
  constraint units_type foreign key (unit_type_id, type_code, type_name)
    references condo.unit_types (id, code, name) on update cascade on delete restrict,
  check ((building_id is null) = (building_number is null)),
  check ((entrance_id is null) = (entrance_number is null)),
  check (entrance_id is null or building_id is not null)
);
create unique index units_number on condo.units (condo_id, building_id, lower(number)) nulls not distinct where deleted_at is null;
create index units_in_order on condo.units (condo_id, number) where deleted_at is null;
-- Search by the beginning of a number: a plain range of bytes, already in the order of the answer.
create index units_by_prefix on condo.units (condo_id, lower(number) collate "C") where deleted_at is null;
create index units_of_building on condo.units (building_id) where deleted_at is null;
create index units_of_entrance on condo.units (entrance_id) where deleted_at is null;
create index units_of_type on condo.units (unit_type_id);
create index units_search on condo.units using gin (number gin_trgm_ops, owner_name gin_trgm_ops);
