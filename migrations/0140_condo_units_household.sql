-- Who lives in a unit, in the unit's own row, because reading one unit is what is done most: a single look-up then,
-- instead of a subquery over residents and people that costs as much again. About two residents per unit.
--
-- Kept by the database, as resident_count is: by the residents of the unit, and by the names of people (the one thing that
-- Condominiums watches of identity.users; a name changes rarely, a unit is read all day).
alter table condo.units add household json not null default '[]';

create function condo.household_of(of_unit uuid) returns json language sql stable as $$
  select coalesce(json_agg(json_build_object('id', r.id, 'userId', r.user_id, 'role', r.role,
      'name', concat_ws(' ', p.first_name, p.last_name)) order by r.created_at, r.id), '[]')
  from condo.residents r join identity.users p on p.id = r.user_id
  where r.unit_id = of_unit and r.is_active and r.deleted_at is null
$$;

update condo.units set household = condo.household_of(id) where resident_count > 0;

-- Each statement of a trigger has a snapshot of its own: after the lock is held, what others have committed is seen.
create or replace function condo.count_residents() returns trigger language plpgsql as $$
declare
  was uuid := case when tg_op <> 'INSERT' and old.is_active and old.deleted_at is null then old.unit_id end;
  is_now uuid := case when tg_op <> 'DELETE' and new.is_active and new.deleted_at is null then new.unit_id end;
begin
  perform from condo.units where id in (was, is_now) order by id for no key update;
  if was is distinct from is_now then
    update condo.units set resident_count = resident_count - 1, household = condo.household_of(id), updated_at = now()
    where id = was;
    update condo.units set resident_count = resident_count + 1, household = condo.household_of(id), updated_at = now()
    where id = is_now;
  else
    update condo.units set household = condo.household_of(id) where id = is_now;
  end if;
  return null;
end $$;
drop trigger residents_counted on condo.residents;
create trigger residents_counted after insert or delete or update of unit_id, is_active, deleted_at, role
  on condo.residents for each row execute function condo.count_residents();

create function condo.rename_resident() returns trigger language plpgsql as $$
declare
  homes uuid[] := array(
    select unit_id from condo.residents where user_id = new.id and is_active and deleted_at is null and unit_id is not null);
begin
  perform from condo.units where id = any(homes) order by id for no key update;
  update condo.units set household = condo.household_of(id) where id = any(homes);
  return null;
end $$;
create trigger residents_renamed after update of first_name, last_name on identity.users for each row
  when (old.first_name is distinct from new.first_name or old.last_name is distinct from new.last_name)
  execute function condo.rename_resident();
