-- Intent: programs act with a part of their owner's permissions. A few per integrating customer: thousands.
create table identity.api_keys (
    id uuid primary key,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    user_id uuid not null references identity.users (id) on delete cascade,
    name text not null check (char_length(name) between 1 and 100),
    prefix text not null check (char_length(prefix) <= 12),
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    previous_hash bytea check (octet_length(previous_hash) = 32),
    previous_until timestamptz,
    permissions text[] not null check (cardinality(permissions) between 1 and 100),
    scope_type text not null default 'platform' check (char_length(scope_type) <= 50),
    scope_id uuid,
    last_used_at timestamptz,
    expires_at timestamptz,
    revoked_at timestamptz,
    constraint api_keys_prefix_key unique (prefix),
    constraint api_keys_previous_check check ((previous_hash is null) = (previous_until is null)),
    constraint api_keys_scope_check check (scope_type <> 'platform' or scope_id is null)
);
create index api_keys_user_idx on identity.api_keys (user_id, id) where revoked_at is null;

create function identity.tell_api_key_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('identity', 'key:' || new.id);
    return null;
end $$;

-- Noting the last use is not a change that anybody must hear of.
create trigger api_keys_tell after update on identity.api_keys for each row
    when (row(old.secret_hash, old.previous_hash, old.permissions, old.expires_at, old.revoked_at)
          is distinct from row(new.secret_hash, new.previous_hash, new.permissions, new.expires_at, new.revoked_at))
    execute function identity.tell_api_key_changed();
