-- What the newest reading of a meter consumed. The usual reading moves its meter and is inserted by one statement, in
-- which only the update still sees where the meter stood before; it leaves the difference here for the insert.
alter table condo.meters add column last_consumption numeric(12,3);
