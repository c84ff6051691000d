-- Intent: one-time codes, hashed with a pepper that lies outside the database; a new one of a subject ends the older. Some
-- hundred thousand a day at the most; deleted a day after they were made.
CREATE TABLE identity.one_time_codes (
    id           uuid PRIMARY KEY,
    purpose      text NOT NULL CHECK (purpose IN ('sign_in', 'phone', 'email', 'password', 'two_factor', 'scope')),
    subject      text NOT NULL CHECK (length(subject) <= 254),
    -- Of the scope that asked, for codes of tenants.
    scope        text NOT NULL DEFAULT '' CHECK (length(scope) <= 100),
    user_id      uuid REFERENCES identity.users (id) ON DELETE CASCADE,
    code_hash    bytea NOT NULL,
    attempts     int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    max_attempts int NOT NULL CHECK (max_attempts BETWEEN 1 AND 10),
    expires_at   timestamptz NOT NULL,
    -- When it was used, or ended by a newer one.
    consumed_at  timestamptz,
    ip           text CHECK (length(ip) <= 60),
    created_at   timestamptz NOT NULL,
    CONSTRAINT one_time_codes_guesses_check CHECK (attempts <= max_attempts)
);
CREATE UNIQUE INDEX one_time_codes_open_key ON identity.one_time_codes (purpose, subject, scope) WHERE consumed_at IS NULL;
CREATE INDEX one_time_codes_subject_idx ON identity.one_time_codes (subject, created_at);
CREATE INDEX one_time_codes_ip_idx ON identity.one_time_codes (ip, created_at);
CREATE INDEX one_time_codes_created_at_idx ON identity.one_time_codes (created_at);
CREATE INDEX one_time_codes_user_idx ON identity.one_time_codes (user_id) WHERE user_id IS NOT NULL;
