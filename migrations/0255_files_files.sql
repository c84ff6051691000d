-- Intent: a row for each uploaded object; its bytes lie in a storage under `key`. Some ten a day and active user, none of
-- them changed but for what it belongs to: expect ten million rows.
-- A row is deleted before its object has come, and until it has been taken out of the storage.
CREATE SCHEMA IF NOT EXISTS files;

CREATE TABLE files.files (
    id              uuid PRIMARY KEY,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    purpose         text NOT NULL CHECK (length(purpose) <= 40),
    storage         text NOT NULL CHECK (storage IN ('local', 's3', 'supabase')),
    key             text NOT NULL CONSTRAINT files_key_key UNIQUE CHECK (length(key) <= 300),
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    mime            text NOT NULL CHECK (length(mime) <= 100),
    size            bigint NOT NULL CHECK (size >= 0),
    sha256          bytea NOT NULL CHECK (length(sha256) = 32),
    visibility      text NOT NULL CHECK (visibility IN ('public', 'private')),
    owner_id        uuid REFERENCES identity.users (id) ON DELETE RESTRICT,
    scope_type      text CHECK (length(scope_type) <= 50),
    scope_id        uuid,
    object_type     text CHECK (length(object_type) <= 50),
    object_id       uuid,
    width           int CHECK (width > 0),
    height          int CHECK (height > 0),
    thumb_key       text CHECK (length(thumb_key) <= 310),
    thumb_state     text NOT NULL DEFAULT 'none' CHECK (thumb_state IN ('none', 'pending', 'ready', 'failed')),
    retain_until_on date,
    deleted_at      timestamptz,
    CONSTRAINT files_object_check CHECK ((object_type IS NULL) = (object_id IS NULL)),
    CONSTRAINT files_dimensions_check CHECK ((width IS NULL) = (height IS NULL)),
    CONSTRAINT files_thumb_check CHECK ((thumb_state = 'ready') = (thumb_key IS NOT NULL))
);

CREATE INDEX files_object_idx ON files.files (object_type, object_id) WHERE deleted_at IS NULL AND object_id IS NOT NULL;
-- Also what an owner may still store.
CREATE INDEX files_owner_idx ON files.files (owner_id, created_at, id) INCLUDE (size) WHERE deleted_at IS NULL;
-- All of them, for those who manage files.
CREATE INDEX files_created_idx ON files.files (created_at, id) WHERE deleted_at IS NULL;
-- What nothing holds, for the clean-up.
CREATE INDEX files_unattached_idx ON files.files (created_at) WHERE object_id IS NULL AND deleted_at IS NULL;
CREATE INDEX files_retained_idx ON files.files (retain_until_on) WHERE retain_until_on IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX files_deleted_idx ON files.files (deleted_at) WHERE deleted_at IS NOT NULL;
