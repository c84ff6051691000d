-- People who work for a company, company-wide (no condo) or in one condo: tens per company.

create table condo.staff (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  user_id uuid not null references identity.users on delete restrict,
  company_id uuid not null references condo.companies on delete restrict,
  condo_id uuid references condo.condos on delete set null,
  role text not null check (role in ('accountant', 'condo_admin', 'worker', 'guard')),
  position text not null check (length(position) between 1 and 255),
  specializations text[] not null default '{}' check (cardinality(specializations) <= 20),
  hire_date date,
  last_assigned_at timestamptz,
  is_active boolean not null default true
);
create unique index staff_once on condo.staff (user_id, company_id, condo_id) nulls not distinct where deleted_at is null;
create index staff_of_company on condo.staff (company_id) where deleted_at is null;
create index staff_of_condo on condo.staff (condo_id) where deleted_at is null;
