-- Intent: a template may stand at the provider, under its id there: with the message goes what the template is given. And what is
-- of use for a time alone is not sent after it, nor listed. The table has a row for each message of half a year, millions where
-- there are many people; the new columns rewrite nothing, and the index has only what waits or stands in lists for a time.
ALTER TABLE notifications.notification_templates
    ADD COLUMN provider_template_id text CHECK (length(provider_template_id) BETWEEN 1 AND 100);

ALTER TABLE notifications.notifications
    ADD COLUMN provider_template_id text CHECK (length(provider_template_id) BETWEEN 1 AND 100),
    -- Codes and links are not in it; their marks are.
    ADD COLUMN template_data jsonb,
    ADD CONSTRAINT notifications_template_data_check CHECK (provider_template_id IS NULL OR template_data IS NOT NULL) NOT VALID;

CREATE INDEX notifications_expires_idx ON notifications.notifications (expires_at)
    WHERE expires_at IS NOT NULL AND (type = 'in_app' OR status = 'pending');
