-- Lists of a condo's units by type, floor, area and age, and of its residents by name and e-mail, each by an index in their
-- order, so that a page costs the same however large the condo is. A narrow entry per unit and index, about two residents per
-- unit.
create index units_by_type on condo.units (condo_id, type_code, id) where deleted_at is null;
create index units_by_floor on condo.units (condo_id, floor, id) where deleted_at is null;
create index units_by_area on condo.units (condo_id, area, id) where deleted_at is null;
create index units_by_age on condo.units (condo_id, created_at, id) where deleted_at is null;

-- What residents are ordered by is the account's, and an index has columns of one table: they are repeated here and kept by
-- the database.
alter table condo.residents add last_name text, add first_name text, add email text;
update condo.residents r set last_name = p.last_name, first_name = p.first_name, email = p.email
from identity.users p where p.id = r.user_id;
alter table condo.residents alter last_name set not null, alter first_name set not null;
create index residents_by_name on condo.residents (condo_id, is_active, last_name, first_name, id) where deleted_at is null;
create index residents_by_email on condo.residents (condo_id, is_active, email, id) where deleted_at is null;

create function condo.name_resident() returns trigger language plpgsql as $$
begin
  -- The account is held, so that whoever renames it waits until this row can be seen.
  select p.last_name, p.first_name, p.email into new.last_name, new.first_name, new.email
  from identity.users p where p.id = new.user_id for share;
  return new;
end $$;
create trigger residents_named before insert on condo.residents for each row execute function condo.name_resident();

create or replace function condo.rename_resident() returns trigger language plpgsql as $$
declare
  homes uuid[];
begin
  update condo.residents set last_name = new.last_name, first_name = new.first_name, email = new.email
  where user_id = new.id;
  if row(old.first_name, old.last_name) is not distinct from row(new.first_name, new.last_name) then return null; end if;
  homes := array(
    select unit_id from condo.residents where user_id = new.id and is_active and deleted_at is null and unit_id is not null);
  perform from condo.units where id = any(homes) order by id for no key update;
  update condo.units set household = condo.household_of(id) where id = any(homes);
  return null;
end $$;
drop trigger residents_renamed on identity.users;
create trigger residents_renamed after update of first_name, last_name, email on identity.users for each row
  when (row(old.first_name, old.last_name, old.email) is distinct from row(new.first_name, new.last_name, new.email))
  execute function condo.rename_resident();
