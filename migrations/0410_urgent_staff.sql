-- What staff of the board of urgent orders look for: hidden reviews, the newest complaints, what moved wallets besides takes,
-- and what was done by staff. None of it is touched by a take.
create index client_reviews_hidden on urgent.client_reviews (created_at desc, id desc) where status = 'hidden';
create index executor_complaints_newest on urgent.executor_complaints (created_at desc, id desc);
create index transactions_urgent on payments.transactions (kind, at) where product = 'urgent' and kind <> 'urgent_take';
create index audit_logs_urgent_idx on identity.audit_logs (at, id) where product = 'urgent';
create index users_search on urgent.users using gin (
    (lower(first_name || ' ' || coalesce(last_name, '') || ' ' || coalesce(username, ''))) gin_trgm_ops);
