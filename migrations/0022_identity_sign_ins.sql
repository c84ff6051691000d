-- Intent: the proofs by which somebody is signed in. Refresh tokens: one per quarter of an hour of use, kept 30 days
-- beyond their end, up to a hundred million. Revoked families live as long as an access token does: thousands.
-- Attempt windows: one per address with a recent failure. Links: one open per user and purpose. Keys: two or three.
create table identity.refresh_tokens (
    id uuid primary key,
    user_id uuid not null references identity.users (id) on delete cascade,
    family_id uuid not null,
    sequence integer not null check (sequence >= 0),
    token_hash bytea not null check (octet_length(token_hash) = 32),
    client text check (char_length(client) <= 400),
    ip text check (char_length(ip) <= 45),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz,
    revoke_reason text check (char_length(revoke_reason) <= 40),
    constraint refresh_tokens_family_key unique (family_id, sequence),
    constraint refresh_tokens_life_check check (expires_at > created_at),
    constraint refresh_tokens_revoked_check check ((revoked_at is null) = (revoke_reason is null))
);

create unique index refresh_tokens_hash_key on identity.refresh_tokens (token_hash);
create index refresh_tokens_user_idx on identity.refresh_tokens (user_id, created_at) where revoked_at is null;
create index refresh_tokens_expires_at_idx on identity.refresh_tokens (expires_at);
-- A family has one head: the only token that may still be exchanged.
create unique index refresh_tokens_head_key on identity.refresh_tokens (family_id)
    where used_at is null and revoked_at is null;

create table identity.revoked_families (
    family_id uuid primary key,
    expires_at timestamptz not null
);
create index revoked_families_expires_at_idx on identity.revoked_families (expires_at);

create function identity.tell_family_revoked() returns trigger language plpgsql as $$
begin
    perform pg_notify('identity', 'family:' || new.family_id);
    return null;
end $$;

create trigger revoked_families_tell after insert on identity.revoked_families for each row
    execute function identity.tell_family_revoked();

create table identity.link_tokens (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    purpose text not null check (purpose in ('password_reset', 'set_password', 'email_verification', 'telegram_link')),
    user_id uuid not null references identity.users (id) on delete cascade,
    email text check (char_length(email) <= 254),
    expires_at timestamptz not null,
    used_at timestamptz
);
-- The newest link is the only one that works.
create unique index link_tokens_open_key on identity.link_tokens (user_id, purpose) where used_at is null;
create index link_tokens_user_idx on identity.link_tokens (user_id);
create index link_tokens_expires_at_idx on identity.link_tokens (expires_at);

create table identity.attempt_windows (
    key text primary key check (char_length(key) <= 340),
    window_at timestamptz not null,
    failures integer not null check (failures >= 0),
    locked_until timestamptz
);
create index attempt_windows_window_at_idx on identity.attempt_windows (window_at);

create table identity.signing_keys (
    kid text primary key check (char_length(kid) <= 60),
    public_jwk jsonb not null,
    private_enc bytea not null,
    not_before_at timestamptz not null,
    retired_at timestamptz check (retired_at > not_before_at)
);
-- The newest key is the only one without an end.
create unique index signing_keys_current_key on identity.signing_keys ((true)) where retired_at is null;

create function identity.tell_keys_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('identity', 'keys');
    return null;
end $$;

create trigger signing_keys_tell after insert or update or delete on identity.signing_keys for each statement
    execute function identity.tell_keys_changed();
