-- Intent: who somebody is at services that vouch for him, one row a person and service (some million), and the chats in
-- which our bots may write to people, a row a bot and person.
CREATE TABLE identity.identities (
    kind                text NOT NULL CHECK (kind IN ('telegram', 'clerk')),
    -- The service's own id of the person.
    subject             text NOT NULL CHECK (length(subject) BETWEEN 1 AND 128),
    user_id             uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
    -- What the service says of him: names, language.
    profile             jsonb NOT NULL DEFAULT '{}',
    provider_updated_at timestamptz,
    created_at          timestamptz NOT NULL,
    PRIMARY KEY (kind, subject),
    CONSTRAINT identities_user_key UNIQUE (user_id, kind)
);

CREATE TABLE notifications.telegram_chats (
    bot         text NOT NULL CHECK (length(bot) BETWEEN 1 AND 40),
    telegram_id bigint NOT NULL CHECK (telegram_id > 0),
    user_id     uuid REFERENCES identity.users (id) ON DELETE CASCADE,
    -- When the person was last seen to let the bot write.
    opened_at   timestamptz NOT NULL,
    -- Until he speaks to the bot again nothing is sent there.
    blocked_at  timestamptz,
    PRIMARY KEY (bot, telegram_id)
);
CREATE INDEX telegram_chats_user_idx ON notifications.telegram_chats (user_id, opened_at) WHERE user_id IS NOT NULL;
