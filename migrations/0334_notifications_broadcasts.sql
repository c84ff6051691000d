-- Intent: messages of staff to many at once, some a day, with the people whom each is for (ten thousand at the most), and
-- digests: when each person who wants one is to have the next.
CREATE TABLE notifications.broadcasts (
    id            uuid PRIMARY KEY,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    scope_type    text CHECK (length(scope_type) <= 50),
    scope_id      uuid,
    audience      jsonb NOT NULL,
    category      text NOT NULL CHECK (length(category) BETWEEN 1 AND 40),
    title         text NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
    body          text NOT NULL CHECK (length(body) BETWEEN 1 AND 5000),
    channels      text[] NOT NULL CHECK (cardinality(channels) > 0),
    status        text NOT NULL CHECK (status IN ('queued', 'sending', 'done')),
    total         int NOT NULL CHECK (total BETWEEN 0 AND 10000),
    sent          int NOT NULL DEFAULT 0 CHECK (sent >= 0),
    skipped       int NOT NULL DEFAULT 0 CHECK (skipped >= 0),
    created_by    uuid REFERENCES identity.users (id) ON DELETE SET NULL,
    scheduled_for timestamptz,
    CONSTRAINT broadcasts_count_check CHECK (sent + skipped <= total)
);
CREATE INDEX broadcasts_created_by_idx ON notifications.broadcasts (created_by);

CREATE TABLE notifications.broadcast_recipients (
    broadcast_id uuid NOT NULL REFERENCES notifications.broadcasts (id) ON DELETE CASCADE,
    position     int NOT NULL CHECK (position >= 0),
    user_id      uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
    is_taken     boolean NOT NULL DEFAULT false,
    PRIMARY KEY (broadcast_id, position)
);
CREATE INDEX broadcast_recipients_user_idx ON notifications.broadcast_recipients (user_id);

ALTER TABLE notifications.notifications
    ADD COLUMN broadcast_id uuid REFERENCES notifications.broadcasts (id) ON DELETE SET NULL,
    -- Short messages of one request to many.
    ADD COLUMN batch_id uuid;
CREATE INDEX notifications_broadcast_idx ON notifications.notifications (broadcast_id) WHERE broadcast_id IS NOT NULL;
CREATE INDEX notifications_batch_idx ON notifications.notifications (scope_type, scope_id, id)
    WHERE batch_id IS NOT NULL AND status = 'pending';
-- What a digest is made of.
CREATE INDEX notifications_low_idx ON notifications.notifications (user_id, created_at)
    WHERE type = 'in_app' AND priority = 4;

ALTER TABLE notifications.quiet_settings
    ADD COLUMN digest text NOT NULL DEFAULT 'none' CHECK (digest IN ('none', 'daily', 'weekly')),
    ADD COLUMN digest_due_at timestamptz,
    ADD COLUMN digest_sent_at timestamptz,
    ADD CONSTRAINT quiet_settings_digest_due_check CHECK ((digest = 'none') = (digest_due_at IS NULL));
CREATE INDEX quiet_settings_digest_due_idx ON notifications.quiet_settings (digest_due_at) WHERE digest_due_at IS NOT NULL;

-- The next eight o'clock of a person's own, on a Monday for weekly ones, after an instant. A zone that nobody knows is UTC.
CREATE FUNCTION notifications.next_digest(kind text, wanted text, after timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT (CASE kind
                WHEN 'daily' THEN l.local::date + CASE WHEN l.local::time >= time '08:00' THEN 1 ELSE 0 END
                WHEN 'weekly' THEN date_trunc('week', l.local - interval '8 hours')::date + 7
            END + time '08:00') AT TIME ZONE z.zone
    FROM (SELECT coalesce((SELECT name FROM pg_timezone_names WHERE name = wanted), 'UTC') AS zone) z
    CROSS JOIN LATERAL (SELECT after AT TIME ZONE z.zone AS local) l
    WHERE kind <> 'none'
$$;
