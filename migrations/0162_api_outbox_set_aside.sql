-- Intent: what was set aside for a handler is tried again every hour until it is taken. Empty when all is well.
create index outbox_backlog_set_aside on api.outbox_backlog (next_at) where failed_at is not null;
