-- Intent: what people want to be told, over which channels, and when. A row for each choice that differs from the standard,
-- some three a person; quiet hours of one person in ten.
CREATE TABLE notifications.preferences (
    user_id    uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
    category   text NOT NULL CHECK (length(category) BETWEEN 1 AND 40),
    channel    text NOT NULL CHECK (channel IN ('email', 'sms', 'whatsapp', 'push', 'telegram')),
    is_enabled boolean NOT NULL,
    PRIMARY KEY (user_id, category, channel),
    -- What warns of thieves cannot be turned off.
    CONSTRAINT preferences_security_check CHECK (category <> 'security')
);

CREATE TABLE notifications.quiet_settings (
    user_id    uuid PRIMARY KEY REFERENCES identity.users (id) ON DELETE CASCADE,
    quiet_from time,
    quiet_to   time,
    CONSTRAINT quiet_settings_both_check CHECK ((quiet_from IS NULL) = (quiet_to IS NULL)),
    CONSTRAINT quiet_settings_differ_check CHECK (quiet_from <> quiet_to)
);
