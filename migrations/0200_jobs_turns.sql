-- Intent: queues with a rate over all instances (notifications: 100 a minute), and queues in which those who enqueue take
-- turns, so that ten thousand messages of one do not hold up the first of another. Rows: a queue's turns are four texts; its
-- windows some sixty rows while it is busy, deleted when they are over. jobs.jobs has some hundred thousand rows at most; the
-- index is built anew while nothing is enqueued.
ALTER TABLE jobs.queues
    ADD COLUMN rate_max       int CHECK (rate_max BETWEEN 1 AND 1000000),
    ADD COLUMN rate_window_ms int CHECK (rate_window_ms BETWEEN 1000 AND 86400000),
    -- Whose job was taken last, for each priority.
    ADD COLUMN turns          text[] NOT NULL DEFAULT '{"","","",""}' CHECK (cardinality(turns) = 4),
    ADD CONSTRAINT queues_rate_check CHECK ((rate_max IS NULL) = (rate_window_ms IS NULL));

-- Tries begun in each sixtieth of a queue's window: what lies within a whole window of now is never more than its rate.
CREATE TABLE jobs.rate_windows (
    queue     text NOT NULL REFERENCES jobs.queues (name) ON DELETE CASCADE,
    window_at timestamptz NOT NULL,
    used      int NOT NULL CHECK (used > 0),
    PRIMARY KEY (queue, window_at)
);

-- Jobs without a key are those of one party more.
UPDATE jobs.jobs SET fairness_key = '' WHERE fairness_key IS NULL;
ALTER TABLE jobs.jobs ALTER COLUMN fairness_key SET DEFAULT '', ALTER COLUMN fairness_key SET NOT NULL;

-- What a worker takes next; in a queue without turns nobody has a key.
DROP INDEX jobs.jobs_ready_idx;
CREATE INDEX jobs_ready_idx ON jobs.jobs (queue, priority, fairness_key, run_at, id) WHERE state = 'waiting';
