-- Intent: what a handler of events could not take yet, so that neither other handlers nor the events behind it wait. A row
-- per event and handler that failed, and per event behind such a one; empty when all is well. What was tried often enough
-- has an end and stays for whoever looks into it.
CREATE TABLE api.outbox_backlog (
    event_id  bigint      NOT NULL REFERENCES api.outbox (id) ON DELETE CASCADE,
    handler   text        NOT NULL CHECK (length(handler) <= 100),
    attempts  int         NOT NULL CHECK (attempts >= 0),
    next_at   timestamptz NOT NULL,
    failed_at timestamptz CHECK (failed_at IS NULL OR attempts > 0),
    PRIMARY KEY (handler, event_id)
);
CREATE INDEX outbox_backlog_open ON api.outbox_backlog (handler, event_id) WHERE failed_at IS NULL;
CREATE INDEX outbox_backlog_event ON api.outbox_backlog (event_id);
