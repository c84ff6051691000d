-- The name by which others see somebody, as `User.name` joins it: without the parts that are empty, and for an account made
-- from an address alone the part before the `@`.
create function identity.name_of(person identity.users) returns text language sql stable as $$
  select coalesce(
    nullif(concat_ws(' ', nullif(person.first_name, ''), nullif(person.middle_name, ''), nullif(person.last_name, '')), ''),
    split_part(person.email, '@', 1), person.phone, '')
$$;

create or replace function condo.household_of(of_unit uuid) returns json language sql stable as $$
  select coalesce(json_agg(json_build_object('id', r.id, 'userId', r.user_id, 'role', r.role,
      'name', identity.name_of(p)) order by r.created_at, r.id), '[]')
  from condo.residents r join identity.users p on p.id = r.user_id
  where r.unit_id = of_unit and r.is_active and r.deleted_at is null
$$;

create or replace function condo.rename_resident() returns trigger language plpgsql as $$
declare
  is_shown boolean := identity.name_of(old) is distinct from identity.name_of(new);
  homes uuid[] := array(
    select unit_id from condo.residents where user_id = new.id and is_active and deleted_at is null and unit_id is not null);
begin
  if is_shown then perform from condo.units where id = any(homes) order by id for no key update; end if;
  update condo.residents set last_name = new.last_name, first_name = new.first_name, email = new.email
  where user_id = new.id
    and row(last_name, first_name, email) is distinct from row(new.last_name, new.first_name, new.email);
  if is_shown then update condo.units set household = condo.household_of(id) where id = any(homes); end if;
  return null;
end $$;
drop trigger residents_renamed on identity.users;
create trigger residents_renamed after update of first_name, middle_name, last_name, email, phone on identity.users
  for each row
  when (row(old.first_name, old.middle_name, old.last_name, old.email, old.phone)
    is distinct from row(new.first_name, new.middle_name, new.last_name, new.email, new.phone))
  execute function condo.rename_resident();

update condo.units set household = condo.household_of(id)
where resident_count > 0 and household::jsonb is distinct from condo.household_of(id)::jsonb;
