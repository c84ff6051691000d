-- Intent: devices and browsers that take push messages. Two a person, ten at the most: a few million.
CREATE TABLE notifications.devices (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
    kind         text NOT NULL CHECK (kind IN ('fcm', 'expo', 'webpush')),
    token        text NOT NULL CHECK (length(token) <= 4096),
    -- SHA-256: a token may be longer than an index takes.
    token_hash   bytea NOT NULL,
    platform     text NOT NULL CHECK (platform IN ('ios', 'android', 'web')),
    keys         jsonb,
    name         text CHECK (length(name) <= 100),
    failures     int NOT NULL DEFAULT 0 CHECK (failures >= 0),
    last_seen_at timestamptz NOT NULL,
    disabled_at  timestamptz,
    created_at   timestamptz NOT NULL,
    CONSTRAINT devices_token_key UNIQUE (token_hash),
    CONSTRAINT devices_keys_check CHECK ((kind = 'webpush') = (keys IS NOT NULL))
);
CREATE INDEX devices_user_idx ON notifications.devices (user_id, last_seen_at);

-- What a push message carries for the app beside its words.
ALTER TABLE notifications.notifications ADD COLUMN content jsonb;

-- What the platform's staff is told by the program, one row for all of them, and who has read it. Some hundred a day,
-- kept for 180 days.
CREATE TABLE notifications.system_notifications (
    id              uuid PRIMARY KEY,
    created_at      timestamptz NOT NULL,
    title           text NOT NULL CHECK (length(title) <= 255),
    message         text NOT NULL CHECK (length(message) <= 5000),
    type            text NOT NULL CHECK (type IN ('success', 'info', 'warning', 'error')),
    category        text NOT NULL CHECK (
        category IN ('payment', 'tenant', 'student', 'subscription', 'credit', 'system', 'security', 'report')),
    priority        text NOT NULL CHECK (priority IN ('low', 'medium', 'high', 'critical')),
    scope_type      text CHECK (length(scope_type) <= 50),
    scope_id        uuid,
    target_role     text CHECK (length(target_role) <= 50),
    action_required boolean NOT NULL,
    details         jsonb NOT NULL DEFAULT '{}',
    dedupe_key      text UNIQUE CHECK (length(dedupe_key) <= 200)
);

CREATE TABLE notifications.system_notification_reads (
    notification_id uuid NOT NULL REFERENCES notifications.system_notifications (id) ON DELETE CASCADE,
    user_id         uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
    read_at         timestamptz NOT NULL,
    PRIMARY KEY (notification_id, user_id)
);
CREATE INDEX system_notification_reads_user_idx ON notifications.system_notification_reads (user_id);
