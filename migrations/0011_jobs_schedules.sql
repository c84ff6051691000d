-- Intent: what is to be done again and again, once over all instances: whoever locks a due row enqueues its job and moves
-- next_run_at on in the same transaction. A row per schedule of the program, some fifty.
CREATE TABLE jobs.schedules (
    key            text PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 100),
    queue          text NOT NULL CHECK (length(queue) <= 60),
    job            text NOT NULL CHECK (length(job) <= 100),
    data           jsonb NOT NULL,
    cron           text CHECK (length(cron) <= 100),
    every_seconds  int CHECK (every_seconds BETWEEN 1 AND 86400),
    time_zone      text NOT NULL DEFAULT 'UTC' CHECK (length(time_zone) <= 64),
    is_enabled     boolean NOT NULL DEFAULT true,
    last_fired_for timestamptz,
    next_run_at    timestamptz NOT NULL,
    CONSTRAINT schedules_rule_check CHECK ((cron IS NULL) <> (every_seconds IS NULL))
);
