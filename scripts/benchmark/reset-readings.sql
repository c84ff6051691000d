-- Before each measured run of inserted readings: no readings, meters as new, nothing left to clean up behind the run.
truncate condo.meter_readings cascade;
update condo.meters set last_reading = null, last_zone_values = null, last_reading_date = null where last_reading is not null;
vacuum condo.meters;
checkpoint;
