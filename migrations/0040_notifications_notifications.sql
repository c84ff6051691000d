-- Intent: what people are told, a row per notice and channel, kept through retries. Some ten a day and active user; read
-- notices are deleted after 90 days, unread ones after 180: expect ten million rows.
-- A code or link never stands in the texts: body holds {{secret}} in its place, secret_enc the sealed value, which is
-- erased when a real provider has taken the message.
CREATE SCHEMA IF NOT EXISTS notifications;

CREATE TABLE notifications.notifications (
    id           uuid PRIMARY KEY,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    group_id     uuid NOT NULL,
    user_id      uuid REFERENCES identity.users (id) ON DELETE SET NULL,
    scope_type   text CHECK (length(scope_type) <= 50),
    scope_id     uuid,
    type         text NOT NULL CHECK (type IN ('in_app', 'email', 'sms', 'whatsapp', 'push', 'telegram')),
    category     text NOT NULL CHECK (length(category) <= 40),
    priority     smallint NOT NULL CHECK (priority BETWEEN 1 AND 4),
    status       text NOT NULL CHECK (status IN ('pending', 'sent', 'delivered', 'failed', 'bounced')),
    recipient    text NOT NULL CHECK (length(recipient) <= 500),
    subject      text CHECK (length(subject) <= 255),
    body         text NOT NULL CHECK (length(body) <= 50000),
    template_key text CHECK (length(template_key) <= 60),
    secret_enc   bytea,
    metadata     jsonb NOT NULL DEFAULT '{}',
    action_url   text CHECK (length(action_url) <= 500),
    provider     text CHECK (length(provider) <= 40),
    external_id  text CHECK (length(external_id) <= 200),
    error        text CHECK (length(error) <= 500),
    retry_count  int NOT NULL DEFAULT 0 CHECK (retry_count >= 0),
    job_id       uuid,
    dedupe_key   text UNIQUE CHECK (length(dedupe_key) <= 200),
    read_at      timestamptz,
    sent_at      timestamptz,
    delivered_at timestamptz,
    failed_at    timestamptz,
    expires_at   timestamptz,
    CONSTRAINT notifications_email_check CHECK (type <> 'email' OR recipient LIKE '%_@_%'),
    CONSTRAINT notifications_in_app_check CHECK (type <> 'in_app' OR status = 'delivered'),
    CONSTRAINT notifications_sent_check CHECK (
        CASE status WHEN 'pending' THEN sent_at IS NULL WHEN 'failed' THEN true ELSE sent_at IS NOT NULL END),
    CONSTRAINT notifications_delivered_check CHECK (status <> 'delivered' OR delivered_at IS NOT NULL),
    CONSTRAINT notifications_failed_check CHECK ((status IN ('failed', 'bounced')) = (failed_at IS NOT NULL))
);

-- A person's list, the newest first; ids of version 7 rise with time.
CREATE INDEX notifications_user_idx ON notifications.notifications (user_id, type, id);
CREATE INDEX notifications_unread_idx ON notifications.notifications (user_id)
    WHERE type = 'in_app' AND read_at IS NULL;
CREATE INDEX notifications_type_idx ON notifications.notifications (type, status, id);
CREATE INDEX notifications_status_idx ON notifications.notifications (status);
CREATE INDEX notifications_created_at_idx ON notifications.notifications (created_at);
CREATE INDEX notifications_recipient_idx ON notifications.notifications (recipient);
CREATE INDEX notifications_external_id_idx ON notifications.notifications (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX notifications_scope_idx ON notifications.notifications (scope_type, scope_id, created_at)
    WHERE scope_id IS NOT NULL;
