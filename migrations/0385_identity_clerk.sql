-- Intent: what keeps the accounts of people whom Clerk vouches for from being made twice, or by something old: the events that
-- were carried out (some thousand a day, kept for ninety days), and whose account here has ended.
CREATE TABLE identity.clerk_events (
    -- Svix's id of the message, the same each time that it is sent.
    id          text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 255),
    type        text NOT NULL CHECK (length(type) BETWEEN 1 AND 60),
    received_at timestamptz NOT NULL
);
CREATE INDEX clerk_events_received_at_idx ON identity.clerk_events (received_at);

CREATE TABLE identity.clerk_closed (
    -- SHA-256 of Clerk's id of the person: what is erased stays erased.
    subject_hash bytea PRIMARY KEY CHECK (length(subject_hash) = 32),
    -- Proofs and reports of before this make no account.
    closed_at    timestamptz NOT NULL
);
CREATE INDEX clerk_closed_at_idx ON identity.clerk_closed (closed_at);
