-- Intent: what operators see and do. Schedules carry all of their job, so that those added while the program runs are fired
-- by any instance; tallies keep how many jobs of a queue came to which end in each minute, a row per queue and minute with
-- any, for a day (some ten thousand rows); and the index of finished jobs holds nothing else, so that taking a job does not
-- touch it.
ALTER TABLE jobs.schedules
    ADD COLUMN priority     smallint NOT NULL DEFAULT 3 CHECK (priority BETWEEN 1 AND 4),
    ADD COLUMN max_attempts int NOT NULL DEFAULT 3 CHECK (max_attempts BETWEEN 1 AND 100),
    ADD COLUMN backoff_ms   int NOT NULL DEFAULT 2000 CHECK (backoff_ms BETWEEN 1 AND 3600000),
    -- Declared by the program, and fired by programs that still do.
    ADD COLUMN is_declared  boolean NOT NULL DEFAULT true;

CREATE TABLE jobs.tallies (
    queue     text NOT NULL REFERENCES jobs.queues (name) ON DELETE CASCADE,
    minute_at timestamptz NOT NULL,
    completed int NOT NULL CHECK (completed >= 0),
    failed    int NOT NULL CHECK (failed >= 0),
    PRIMARY KEY (queue, minute_at)
);

DROP INDEX jobs.jobs_state_idx;
-- The console's lists, and what may be purged.
CREATE INDEX jobs_finished_idx ON jobs.jobs (queue, state, finished_at, id) WHERE finished_at IS NOT NULL;
-- Which delayed jobs are due, over all queues, and the console's list of a queue's.
CREATE INDEX jobs_delayed_idx ON jobs.jobs (queue, run_at, id) WHERE state = 'delayed';
