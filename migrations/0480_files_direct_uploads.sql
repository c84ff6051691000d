-- Intent: room that is kept for files which clients bring to the storage by themselves, until they are complete or their time is
-- over; rows go with the nightly cleaning. Some thousand at a time at the most.
CREATE TABLE files.direct_uploads (
    -- The file's, once it is complete.
    id           uuid PRIMARY KEY,
    created_at   timestamptz NOT NULL,
    owner_id     uuid NOT NULL REFERENCES identity.users (id) ON DELETE RESTRICT,
    purpose      text NOT NULL CHECK (length(purpose) <= 40),
    storage      text NOT NULL CHECK (storage IN ('local', 's3', 'supabase')),
    -- Where its bytes come to; null where they come through the server.
    key          text CHECK (length(key) <= 300),
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    size         bigint NOT NULL CHECK (size > 0),
    object_type  text CHECK (length(object_type) <= 50),
    object_id    uuid,
    expires_at   timestamptz NOT NULL,
    -- Somebody receives it or looks at it since then.
    claimed_at   timestamptz,
    completed_at timestamptz,
    CONSTRAINT direct_uploads_object_check CHECK ((object_type IS NULL) = (object_id IS NULL))
);

-- What an owner has room kept for.
CREATE INDEX direct_uploads_owner_idx ON files.direct_uploads (owner_id, expires_at) INCLUDE (size) WHERE completed_at IS NULL;
CREATE INDEX direct_uploads_expires_idx ON files.direct_uploads (expires_at);
