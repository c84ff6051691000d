-- Intent: the trail of what staff changed and who signed in, which nobody can rewrite. Kept 365 days: tens of millions.
create table identity.audit_logs (
    id uuid primary key,
    at timestamptz not null,
    -- No foreign key: the trail outlives the account, and an erased actor must not take rows with him.
    actor_id uuid,
    actor_kind text not null check (actor_kind in ('user', 'staff', 'api_key', 'provider', 'system')),
    actor_name text not null check (char_length(actor_name) <= 320),
    product text check (char_length(product) <= 50),
    scope_type text check (char_length(scope_type) <= 50),
    scope_id uuid,
    action text not null check (char_length(action) <= 60),
    object_type text not null check (char_length(object_type) <= 60),
    object_id text check (char_length(object_id) <= 100),
    old_values jsonb,
    new_values jsonb,
    details jsonb not null default '{}',
    ip text check (char_length(ip) <= 45),
    client text check (char_length(client) <= 400),
    request_id text check (char_length(request_id) <= 128)
);

create index audit_logs_actor_idx on identity.audit_logs (actor_id);
create index audit_logs_action_idx on identity.audit_logs (action);
create index audit_logs_object_type_idx on identity.audit_logs (object_type);
create index audit_logs_object_id_idx on identity.audit_logs (object_id);
create index audit_logs_at_idx on identity.audit_logs (at, id);
create index audit_logs_actor_at_idx on identity.audit_logs (actor_id, at, id);
create index audit_logs_object_idx on identity.audit_logs (object_type, object_id, at, id);
create index audit_logs_action_at_idx on identity.audit_logs (action, at, id);
create index audit_logs_scope_idx on identity.audit_logs (scope_type, scope_id, at, id);

-- Rows are never changed, and leave only by the retention job, which says so for its own transaction.
create function identity.refuse_audit_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('atrium.audit_retention', true) = 'on' then
        return old;
    end if;
    raise exception 'audit rows are append-only' using errcode = 'insufficient_privilege';
end $$;

create trigger audit_logs_append_only before update or delete on identity.audit_logs for each row
    execute function identity.refuse_audit_change();
create trigger audit_logs_no_truncate before truncate on identity.audit_logs for each statement
    execute function identity.refuse_audit_change();
