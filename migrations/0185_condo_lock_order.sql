-- The change of a name locks the units that show it before the rows of those who live there, as whoever moves them or ends a
-- unit does: the other way round the two could wait for each other.
create or replace function condo.rename_resident() returns trigger language plpgsql as $$
declare
  is_shown boolean := row(old.first_name, old.last_name) is distinct from row(new.first_name, new.last_name);
  homes uuid[] := array(
    select unit_id from condo.residents where user_id = new.id and is_active and deleted_at is null and unit_id is not null);
begin
  if is_shown then perform from condo.units where id = any(homes) order by id for no key update; end if;
  update condo.residents set last_name = new.last_name, first_name = new.first_name, email = new.email
  where user_id = new.id;
  if is_shown then update condo.units set household = condo.household_of(id) where id = any(homes); end if;
  return null;
end $$;
