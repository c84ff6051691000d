-- Intent: codes by which somebody signs in who has lost his second proof; ten a person who has one, some hundred thousand.
CREATE TABLE identity.recovery_codes (
    user_id    uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
    -- HMAC-SHA256 of user and code under a key of the installation: a copy of the table opens nothing.
    code_hash  bytea NOT NULL CHECK (length(code_hash) = 32),
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (user_id, code_hash)
);
