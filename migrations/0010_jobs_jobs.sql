-- Intent: work that follows a change, taken by workers of any instance. A row per job until it is purged: completed ones
-- after a day, failed ones after a week (payments and analytics longer), so some hundred thousand rows at most.
-- A job is waiting or delayed until it is taken, active under a lease, and then completed or failed; a lease that lapses
-- brings it back. The three states are also constraints.
CREATE SCHEMA IF NOT EXISTS jobs;

CREATE TABLE jobs.queues (
    name        text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9-]{0,59}$'),
    concurrency int  NOT NULL CHECK (concurrency BETWEEN 1 AND 1000),
    keep        jsonb NOT NULL DEFAULT '{}',
    is_paused   boolean NOT NULL DEFAULT false,
    paused_by   uuid,
    health      jsonb,
    health_at   timestamptz
);

CREATE TABLE jobs.jobs (
    id            uuid PRIMARY KEY,
    queue         text NOT NULL CHECK (length(queue) <= 60),
    name          text NOT NULL CHECK (length(name) <= 100),
    data          jsonb NOT NULL,
    priority      smallint NOT NULL CHECK (priority BETWEEN 1 AND 4),
    state         text NOT NULL CHECK (state IN ('waiting', 'delayed', 'active', 'completed', 'failed')),
    run_at        timestamptz NOT NULL,
    attempts_made int NOT NULL DEFAULT 0 CHECK (attempts_made >= 0),
    max_attempts  int NOT NULL CHECK (max_attempts BETWEEN 1 AND 100),
    backoff_ms    int NOT NULL CHECK (backoff_ms BETWEEN 1 AND 3600000),
    dedupe_key    text CHECK (length(dedupe_key) <= 200),
    fairness_key  text CHECK (length(fairness_key) <= 100),
    lock_token    uuid,
    locked_until  timestamptz,
    progress      smallint NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    result        jsonb,
    failed_reason text CHECK (length(failed_reason) <= 500),
    errors        jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_array_length(errors) <= 5),
    schedule_key  text CHECK (length(schedule_key) <= 100),
    trace_id      text CHECK (length(trace_id) <= 32),
    created_at    timestamptz NOT NULL DEFAULT now(),
    started_at    timestamptz,
    finished_at   timestamptz,
    CONSTRAINT jobs_lease_check CHECK
        ((state = 'active') = (lock_token IS NOT NULL) AND (state = 'active') = (locked_until IS NOT NULL)),
    CONSTRAINT jobs_finished_check CHECK ((state IN ('completed', 'failed')) = (finished_at IS NOT NULL)),
    CONSTRAINT jobs_failed_check CHECK ((state = 'failed') = (failed_reason IS NOT NULL))
);

-- Rows are rewritten at every step of their life; room on the page keeps the indexes out of it.
ALTER TABLE jobs.jobs SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

CREATE UNIQUE INDEX jobs_dedupe_key ON jobs.jobs (queue, dedupe_key)
    WHERE dedupe_key IS NOT NULL AND state IN ('waiting', 'delayed', 'active');
-- What a worker takes next.
CREATE INDEX jobs_ready_idx ON jobs.jobs (queue, priority, run_at, id) WHERE state = 'waiting';
-- Which delayed jobs are due.
CREATE INDEX jobs_due_idx ON jobs.jobs (run_at) WHERE state = 'delayed';
-- Which leases have lapsed.
CREATE INDEX jobs_lapsed_idx ON jobs.jobs (locked_until) WHERE state = 'active';
-- The console's lists, and what may be purged.
CREATE INDEX jobs_state_idx ON jobs.jobs (queue, state, finished_at);
