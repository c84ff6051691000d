-- Lists of accounts by name; by e-mail they go by users_email_key. Three indexes of the trail were the beginnings of others.
create index users_name_idx on identity.users (lower(last_name), lower(first_name), id) where deleted_at is null;
drop index identity.audit_logs_actor_idx;
drop index identity.audit_logs_action_idx;
drop index identity.audit_logs_object_type_idx;
