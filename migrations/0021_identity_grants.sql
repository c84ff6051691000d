-- Intent: who may do what, and where. Roles: tens, written at start from what the modules register. Grants: one or two
-- per user, so up to twenty million. Scope locks: one per blocked tenant or company, hundreds.
create table identity.roles (
    name text primary key check (char_length(name) <= 50),
    product text check (char_length(product) <= 50),
    title text not null check (char_length(title) <= 100),
    description text check (char_length(description) <= 500),
    scope_types text[] not null,
    level integer not null check (level between 0 and 100),
    permissions text[] not null,
    is_system boolean not null default false
);

create table identity.grants (
    id uuid primary key,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    user_id uuid not null references identity.users (id) on delete cascade,
    role text not null references identity.roles (name) on delete restrict,
    scope_type text not null check (char_length(scope_type) <= 50),
    scope_id uuid,
    permissions text[] not null default '{}' check (cardinality(permissions) <= 100),
    granted_by uuid references identity.users (id) on delete set null,
    revoked_at timestamptz,
    constraint grants_platform_check check (scope_type <> 'platform' or scope_id is null)
);

-- One live grant of a role on a scope; two simultaneous gifts of the same one meet here.
create unique index grants_live_key on identity.grants (user_id, role, scope_type, scope_id)
    nulls not distinct where revoked_at is null;
create index grants_scope_idx on identity.grants (scope_type, scope_id) where revoked_at is null;
create index grants_role_idx on identity.grants (role) where revoked_at is null;
create index grants_granted_by_idx on identity.grants (granted_by);

create table identity.scope_locks (
    scope_type text not null check (char_length(scope_type) <= 50),
    scope_id uuid not null,
    mode text not null check (mode in ('all', 'writes')),
    status integer not null check (status in (402, 403)),
    code text not null check (char_length(code) <= 60),
    reason text not null check (char_length(reason) <= 500),
    since_at timestamptz not null default now(),
    primary key (scope_type, scope_id)
);

create function identity.tell_grants_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('identity', 'user:' || coalesce(new.user_id, old.user_id));
    return null;
end $$;

create trigger grants_tell after insert or update or delete on identity.grants for each row
    execute function identity.tell_grants_changed();

create function identity.tell_locks_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('identity', 'locks');
    return null;
end $$;

create trigger scope_locks_tell after insert or update or delete on identity.scope_locks for each statement
    execute function identity.tell_locks_changed();
