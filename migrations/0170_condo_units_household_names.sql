-- A household keeps no name that was changed while somebody moved in: whoever moves in holds his account's row until he is
-- there. A change of his name that is under way is waited for, and seen; a later one finds him in his new home. The account
-- before the unit, since a change of name locks them in that order.
create or replace function condo.count_residents() returns trigger language plpgsql as $$
declare
  was uuid := case when tg_op <> 'INSERT' and old.is_active and old.deleted_at is null then old.unit_id end;
  is_now uuid := case when tg_op <> 'DELETE' and new.is_active and new.deleted_at is null then new.unit_id end;
begin
  if is_now is not null and was is distinct from is_now then
    perform from identity.users where id = new.user_id for share;
  end if;
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
-- Who moved in that way before.
update condo.units set household = condo.household_of(id)
where resident_count > 0 and household::jsonb is distinct from condo.household_of(id)::jsonb;
