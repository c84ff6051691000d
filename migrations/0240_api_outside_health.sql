-- Intent: what all instances know of the health of each outside service, so that one whose calls fail is left alone by all of
-- them for a minute, and tried again by one. A row per service that ever failed, some dozens.
create table api.outside_health (
    service   text primary key check (length(service) between 1 and 60),
    state     text not null check (state in ('closed', 'open', 'half_open')),
    -- When the last failures were; what is older than a minute no longer counts.
    failures  timestamptz[] not null check (cardinality(failures) <= 5),
    -- Since when it is left alone; at half_open, when its trial began.
    opened_at timestamptz,
    constraint outside_health_state check ((state = 'closed') = (opened_at is null))
) with (fillfactor = 50);
