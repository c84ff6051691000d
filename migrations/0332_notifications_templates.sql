-- Intent: texts of the platform's templates as operators have changed them, one a channel and language: some hundred rows,
-- which every instance keeps in memory and reads again when it is told on the channel `notifications`. And when a service was
-- last asked what became of a short message.
CREATE TABLE notifications.notification_templates (
    id         uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    key        text NOT NULL CHECK (length(key) BETWEEN 1 AND 60),
    type       text NOT NULL CHECK (type IN ('in_app', 'email', 'sms', 'push', 'telegram')),
    locale     text NOT NULL CHECK (length(locale) BETWEEN 2 AND 5),
    category   text NOT NULL CHECK (length(category) BETWEEN 1 AND 40),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    subject    text CHECK (length(subject) <= 255),
    body_text  text NOT NULL CHECK (length(body_text) BETWEEN 1 AND 20000),
    body_html  text CHECK (length(body_html) <= 50000),
    variables  text[] NOT NULL,
    version    int NOT NULL CHECK (version > 0),
    is_active  boolean NOT NULL,
    CONSTRAINT notification_templates_key UNIQUE (key, type, locale)
);

CREATE FUNCTION notifications.tell_templates_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('notifications', 'templates');
    RETURN NULL;
END $$;

CREATE TRIGGER notification_templates_tell AFTER INSERT OR UPDATE OR DELETE ON notifications.notification_templates
    FOR EACH STATEMENT EXECUTE FUNCTION notifications.tell_templates_changed();

ALTER TABLE notifications.notifications ADD COLUMN asked_at timestamptz;
CREATE INDEX notifications_asked_idx ON notifications.notifications (provider, (coalesce(asked_at, sent_at)))
    WHERE type = 'sms' AND status = 'sent' AND external_id IS NOT NULL;
