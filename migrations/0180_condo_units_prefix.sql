-- The search of units by how their number begins is answered by its index alone: it holds all that a hit shows. The
-- number in small letters is a column, because as an expression it would be computed again for each hit.
alter table condo.units add column number_key text collate "C" generated always as (lower(number)) stored;

drop index condo.units_by_prefix;
create index units_by_prefix on condo.units (condo_id, number_key)
  include (id, number, building_id, building_number, resident_count) where deleted_at is null;
