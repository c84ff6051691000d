-- Intent: one account per person for every product. A row per person ever known: expect up to ten million.
-- Addresses are unique among the living only, so that somebody who left may come anew with the same e-mail or phone.
create schema if not exists identity;

create table identity.users (
    id uuid primary key,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    email text check (char_length(email) <= 254 and email = lower(email)),
    email_verified_at timestamptz,
    phone text check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    phone_verified_at timestamptz,
    password_hash text check (char_length(password_hash) <= 100),
    first_name text not null check (char_length(first_name) <= 100),
    middle_name text check (char_length(middle_name) <= 100),
    last_name text not null check (char_length(last_name) <= 100),
    locale text not null default 'ru'
        check (locale in ('ru', 'en', 'bg', 'uk', 'pl', 'de', 'fr', 'es', 'it', 'kk', 'be', 'hi', 'ar')),
    time_zone text check (char_length(time_zone) <= 64),
    avatar_file_id uuid,
    birth_on date check (birth_on >= date '1900-01-01'),
    status text not null check (status in ('pending', 'active', 'suspended', 'banned', 'deleted')),
    suspended_until timestamptz,
    status_reason text check (char_length(status_reason) <= 500),
    department text check (department in ('management', 'sales', 'finance', 'operations', 'hr', 'support')),
    must_change_password boolean not null default false,
    two_factor text not null default 'none' check (two_factor in ('none', 'totp', 'email')),
    totp_secret_enc bytea,
    token_version integer not null default 0,
    preferences jsonb not null default '{}',
    source text check (char_length(source) <= 50),
    terms_accepted_at timestamptz,
    last_login_at timestamptz,
    last_login_ip text check (char_length(last_login_ip) <= 45),
    last_active_at timestamptz,
    deleted_at timestamptz,
    constraint users_deleted_check check ((status = 'deleted') = (deleted_at is not null)),
    constraint users_suspended_until_check check (suspended_until is null or status = 'suspended'),
    constraint users_totp_check check (two_factor <> 'totp' or totp_secret_enc is not null)
);

create unique index users_email_key on identity.users (lower(email)) where deleted_at is null;
create unique index users_phone_key on identity.users (phone) where deleted_at is null and phone_verified_at is not null;
-- Sign-in by a phone that is not confirmed yet, and the refusal of phone_taken.
create index users_phone_idx on identity.users (phone) where deleted_at is null;
create index users_status_idx on identity.users (status, id);
create index users_created_at_idx on identity.users (created_at, id);
create index users_suspended_until_idx on identity.users (suspended_until) where suspended_until is not null;
-- One expression for every search by name, e-mail or phone; the query spells it the same.
create index users_search_idx on identity.users using gin (
    (lower(first_name || ' ' || coalesce(middle_name, '') || ' ' || last_name || ' ' || coalesce(email, '') || ' '
        || coalesce(phone, ''))) gin_trgm_ops) where deleted_at is null;

-- What every instance keeps in memory about a user is thrown away when it changes, whoever changed it.
create function identity.tell_user_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('identity', 'user:' || new.id);
    return null;
end $$;

create trigger users_tell after update on identity.users for each row
    when (row(old.status, old.suspended_until, old.token_version, old.must_change_password,
              old.first_name, old.middle_name, old.last_name, old.email, old.deleted_at)
          is distinct from
          row(new.status, new.suspended_until, new.token_version, new.must_change_password,
              new.first_name, new.middle_name, new.last_name, new.email, new.deleted_at))
    execute function identity.tell_user_changed();
