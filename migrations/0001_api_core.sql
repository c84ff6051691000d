-- What the service machinery itself keeps: answers of repeated POSTs and events on their way to subscribers.
-- Sizes: idempotency_keys holds one day of POSTs with a key (hundreds of thousands); outbox is emptied as it is
-- dispatched.

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS unaccent;

CREATE SCHEMA IF NOT EXISTS api;

CREATE TABLE api.idempotency_keys (
    caller       text        NOT NULL CHECK (length(caller) <= 100),
    operation    text        NOT NULL CHECK (length(operation) <= 100),
    key          text        NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    body_hash    bytea       NOT NULL CHECK (length(body_hash) = 32),
    status       int         NOT NULL CHECK (status BETWEEN 200 AND 499),
    content_type text        NOT NULL,
    location     text,
    response     bytea       NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, operation, key)
);
CREATE INDEX idempotency_keys_age ON api.idempotency_keys (created_at);

CREATE TABLE api.outbox (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event         text        NOT NULL CHECK (length(event) <= 100),
    object_type   text        NOT NULL CHECK (length(object_type) <= 60),
    object_id     uuid,
    scope_type    text,
    scope_id      uuid,
    data          jsonb       NOT NULL DEFAULT '{}',
    at            timestamptz NOT NULL DEFAULT now(),
    dispatched_at timestamptz
);
CREATE INDEX outbox_waiting ON api.outbox (id) WHERE dispatched_at IS NULL;
CREATE INDEX outbox_age ON api.outbox (at) WHERE dispatched_at IS NOT NULL;
