-- Who lives in or owns a unit, and the invitations by which one becomes a resident.
-- About two residents per unit; invites live a week and are swept daily. What two simultaneous acceptances must not
-- do (two residents, two owners, a used-up link) is refused by the partial unique indexes and the check on uses.

create table condo.residents (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  user_id uuid not null references identity.users on delete restrict,
  condo_id uuid not null references condo.condos on delete restrict,
  unit_id uuid,
  role text not null default 'tenant' check (role in ('owner', 'tenant', 'family_member')),
  is_active boolean not null default true,
  move_in_date date,
  move_out_date date,
  passport_number_enc bytea,
  birth_date date,
  constraint residents_unit foreign key (unit_id, condo_id) references condo.units (id, condo_id) on delete restrict,
  constraint residents_out_after_in check (move_out_date >= move_in_date)
);
create unique index residents_once_in_unit on condo.residents (user_id, unit_id) where is_active and deleted_at is null;
create unique index residents_once_unplaced on condo.residents (user_id, condo_id)
  where unit_id is null and is_active and deleted_at is null;
create unique index residents_one_owner on condo.residents (unit_id)
  where role = 'owner' and is_active and deleted_at is null;
create index residents_of_unit on condo.residents (unit_id);
create index residents_of_user on condo.residents (user_id);
create index residents_of_condo on condo.residents (condo_id, created_at);

create function condo.count_residents() returns trigger language plpgsql as $$
declare
  was uuid := case when tg_op <> 'INSERT' and old.is_active and old.deleted_at is null then old.unit_id end;
  is_now uuid := case when tg_op <> 'DELETE' and new.is_active and new.deleted_at is null then new.unit_id end;
begin
  if was is distinct from is_now then
    update condo.units set resident_count = resident_count - 1, updated_at = now() where id = was;
    update condo.units set resident_count = resident_count + 1, updated_at = now() where id = is_now;
  end if;
  return null;
end $$;
create trigger residents_counted after insert or delete or update of unit_id, is_active, deleted_at on condo.residents
  for each row execute function condo.count_residents();

create table condo.invites (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  unit_id uuid not null references condo.units on delete restrict,
  token_hash char(64) not null,
  token_enc bytea not null,
  email text check (length(email) <= 254),
  phone text check (length(phone) <= 20),
  role text not null default 'tenant' check (role in ('owner', 'tenant', 'family_member')),
  expires_at timestamptz not null,
  is_active boolean not null default true,
  max_uses int check (max_uses between 1 and 100),
  used_count int not null default 0 check (used_count >= 0),
  accepted_at timestamptz,
  created_by uuid not null references identity.users on delete restrict,
  constraint invites_uses check (used_count <= max_uses)
);
create unique index invites_token on condo.invites (token_hash);
create unique index invites_one_per_email on condo.invites (unit_id, lower(email)) where is_active and deleted_at is null;
create unique index invites_one_open_link on condo.invites (unit_id)
  where email is null and phone is null and is_active and deleted_at is null;
create index invites_of_unit on condo.invites (unit_id, created_at desc);
create index invites_expiry on condo.invites (expires_at) where deleted_at is null;
create index invites_creator on condo.invites (created_by);
