-- A meter names its condo, and a reading its meter, unit and condo together: one key to be checked for each reading instead of
-- two.
alter table condo.meters add column condo_id uuid;
update condo.meters m set condo_id = u.condo_id from condo.units u where u.id = m.unit_id;
alter table condo.meters alter condo_id set not null;
alter table condo.meters add constraint meters_of_unit_and_condo unique (id, unit_id, condo_id);
alter table condo.meters drop constraint meters_unit_id_fkey;
alter table condo.meters add constraint meters_unit
  foreign key (unit_id, condo_id) references condo.units (id, condo_id) on delete restrict;
alter table condo.meter_readings drop constraint readings_meter;
alter table condo.meter_readings drop constraint readings_unit;
alter table condo.meter_readings add constraint readings_meter
  foreign key (meter_id, unit_id, condo_id) references condo.meters (id, unit_id, condo_id) on delete restrict;
alter table condo.meters drop constraint meters_of_unit;
