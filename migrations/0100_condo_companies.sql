-- Management companies and the complexes they run: the two upper links of the scope chain company > condo > unit.
-- Hundreds of companies, thousands of condos. Soft deletion: "unique" means among live rows.
-- Columns *_file_id name files of the Files module, whose schema brings their foreign keys.

create schema condo;

-- "2" stands before "10": unit and house numbers are read by people.
create collation condo.natural (provider = icu, locale = 'und-u-kn-true');

create table condo.companies (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  name text not null check (length(name) between 1 and 255),
  description text check (length(description) <= 5000),
  legal_name text check (length(legal_name) <= 255),
  registration_number text check (length(registration_number) between 1 and 50),
  tax_code text check (length(tax_code) <= 50),
  legal_address text check (length(legal_address) <= 500),
  country text check (length(country) <= 255),
  city text check (length(city) <= 255),
  postal_code text check (length(postal_code) <= 20),
  phone text check (length(phone) <= 20),
  email text check (length(email) <= 254),
  website text check (length(website) <= 255),
  director_name text check (length(director_name) <= 255),
  director_email text check (length(director_email) <= 254),
  accountant_name text check (length(accountant_name) <= 255),
  accountant_email text check (length(accountant_email) <= 254),
  bank_name text check (length(bank_name) <= 255),
  bank_account text check (length(bank_account) <= 50),
  swift text check (length(swift) <= 11),
  iban text check (length(iban) <= 34),
  logo_file_id uuid,
  currency char(3) not null default 'EUR' check (currency in ('EUR', 'USD', 'RUB', 'BGN', 'PLN', 'KZT', 'UAH')),
  timezone text not null default 'Europe/Moscow' check (length(timezone) <= 50),
  default_language text not null default 'ru' check (default_language in ('ru', 'en', 'bg')),
  meter_reminder_days smallint[] not null default '{20,25}'
    check (cardinality(meter_reminder_days) <= 5 and 1 <= all (meter_reminder_days) and 28 >= all (meter_reminder_days)),
  reminder_texts jsonb not null default '{}' check (jsonb_typeof(reminder_texts) = 'object'),
  price_per_unit_minor bigint not null default 0 check (price_per_unit_minor >= 0),
  commission_fixed_minor bigint check (commission_fixed_minor >= 0),
  commission_percent numeric(5,2) check (commission_percent between 0 and 100),
  stripe_account_id text check (length(stripe_account_id) <= 255),
  is_active boolean not null default true,
  blocked_at timestamptz,
  blocked_reason text check (length(blocked_reason) <= 500),
  check (blocked_at is not null or blocked_reason is null)
);
create unique index companies_name on condo.companies (lower(name)) where deleted_at is null;
create unique index companies_registration_number on condo.companies (registration_number) where deleted_at is null;
create index companies_search on condo.companies
  using gin (name gin_trgm_ops, registration_number gin_trgm_ops, email gin_trgm_ops);
create index companies_created on condo.companies (created_at) where deleted_at is null;

create table condo.condos (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  company_id uuid not null references condo.companies on delete restrict,
  name text not null check (length(name) between 1 and 255),
  description text check (length(description) <= 5000),
  address text not null check (length(address) between 1 and 500),
  city text check (length(city) <= 255),
  country text check (length(country) <= 255),
  postal_code text check (length(postal_code) <= 20),
  building_type text not null default 'residential' check (building_type in ('residential', 'commercial', 'mixed')),
  built_year int check (built_year between 1700 and 2200),
  total_area numeric(12,2) check (total_area > 0),
  total_buildings int check (total_buildings >= 0),
  total_units int check (total_units >= 0),
  contact_email text check (length(contact_email) <= 254),
  contact_phone text check (length(contact_phone) <= 20),
  admin_name text check (length(admin_name) <= 255),
  admin_email text check (length(admin_email) <= 254),
  image_file_id uuid,
  timezone text check (length(timezone) <= 50),
  use_default_tariffs boolean not null default false,
  max_vehicles_per_unit smallint not null default 2 check (max_vehicles_per_unit between 1 and 10),
  temporary_pass_duration_hours smallint not null default 24 check (temporary_pass_duration_hours between 1 and 168),
  is_active boolean not null default true,
  constraint condos_of_company unique (id, company_id)
);
create unique index condos_name on condo.condos (company_id, lower(name)) where deleted_at is null;
create index condos_search on condo.condos using gin (name gin_trgm_ops, address gin_trgm_ops);
create index condos_created on condo.condos (created_at) where deleted_at is null;
