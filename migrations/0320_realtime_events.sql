-- Intent: what was told to rooms, for the sockets of every instance and for those who come back after a cut. Rooms: one per
-- user or object that somebody is told of, at most a day after the last event, so up to a million small rows. Events: 200 a
-- room and ten minutes, so thousands.
CREATE SCHEMA realtime;

-- The number of a room's last event. Whoever adds one holds the row until he commits: numbers are given in the order of
-- commits. A room begins with the milliseconds since 1970, so that one that was forgotten never goes back.
CREATE TABLE realtime.rooms (
    room  text        PRIMARY KEY CHECK (length(room) <= 200),
    first bigint      NOT NULL,
    seq   bigint      NOT NULL CHECK (seq >= first),
    at    timestamptz NOT NULL
);
CREATE INDEX rooms_at ON realtime.rooms (at);

CREATE TABLE realtime.events (
    room  text        NOT NULL REFERENCES realtime.rooms (room) ON DELETE CASCADE,
    seq   bigint      NOT NULL,
    event text        NOT NULL CHECK (length(event) <= 100),
    data  json        NOT NULL CHECK (octet_length(data::text) <= 262144),
    at    timestamptz NOT NULL,
    PRIMARY KEY (room, seq)
);
CREATE INDEX events_at ON realtime.events (at);
