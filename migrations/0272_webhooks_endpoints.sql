-- Intent: who is told of events by signed requests, and each request that was or will be made. Endpoints: hundreds.
-- Deliveries: one for each event and endpoint, kept for 90 days: up to tens of millions.
CREATE SCHEMA IF NOT EXISTS webhooks;

CREATE TABLE webhooks.endpoints (
    id                  uuid PRIMARY KEY,
    created_at          timestamptz NOT NULL DEFAULT now(),
    updated_at          timestamptz NOT NULL DEFAULT now(),
    scope_type          text NOT NULL CHECK (length(scope_type) <= 50),
    scope_id            uuid,
    url                 text NOT NULL CHECK (length(url) BETWEEN 1 AND 500),
    description         text CHECK (length(description) <= 200),
    events              text[] NOT NULL CHECK (cardinality(events) BETWEEN 1 AND 100),
    secret_enc          bytea NOT NULL,
    previous_secret_enc bytea,
    previous_until      timestamptz,
    status              text NOT NULL CHECK (status IN ('active', 'paused', 'disabled')),
    failing_since       timestamptz,
    CONSTRAINT endpoints_scope_check CHECK ((scope_type = 'platform') = (scope_id IS NULL)),
    CONSTRAINT endpoints_previous_check CHECK ((previous_secret_enc IS NULL) = (previous_until IS NULL))
);
CREATE INDEX endpoints_scope_idx ON webhooks.endpoints (scope_type, scope_id);

CREATE TABLE webhooks.deliveries (
    id              uuid PRIMARY KEY,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    endpoint_id     uuid NOT NULL REFERENCES webhooks.endpoints (id) ON DELETE CASCADE,
    message_id      uuid NOT NULL,
    event           text NOT NULL CHECK (length(event) <= 100),
    body            text NOT NULL CHECK (octet_length(body) < 20480),
    attempt         int NOT NULL CHECK (attempt >= 0),
    status          text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    response_status int,
    error           text CHECK (length(error) <= 500),
    next_attempt_at timestamptz,
    CONSTRAINT deliveries_pending_check CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL)),
    CONSTRAINT deliveries_message_key UNIQUE (endpoint_id, message_id)
);
CREATE INDEX deliveries_endpoint_idx ON webhooks.deliveries (endpoint_id, id);
CREATE INDEX deliveries_next_attempt_idx ON webhooks.deliveries (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX deliveries_age_idx ON webhooks.deliveries (created_at);
