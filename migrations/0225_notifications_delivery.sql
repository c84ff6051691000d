-- Intent: what providers tell of messages they took, each event once, and the addresses that nothing is sent to any more
-- because mail came back or its reader complained. Events: some ten a mail, kept for 90 days, ten million rows at the most.
-- Suppressions: one in a hundred addresses.
CREATE TABLE notifications.webhook_events (
    provider    text NOT NULL CHECK (length(provider) <= 40),
    event_id    text NOT NULL CHECK (length(event_id) <= 100),
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (provider, event_id)
);
CREATE INDEX webhook_events_received_at_idx ON notifications.webhook_events (received_at);

CREATE TABLE notifications.suppressions (
    address    text NOT NULL CHECK (length(address) <= 500 AND address = lower(address)),
    channel    text NOT NULL CHECK (channel IN ('email', 'sms', 'push', 'telegram')),
    reason     text NOT NULL CHECK (reason IN ('bounce', 'complaint', 'unsubscribed')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (address, channel)
);

-- HTML beside the text of a mail.
ALTER TABLE notifications.notifications ADD COLUMN html text CHECK (length(html) <= 200000);
