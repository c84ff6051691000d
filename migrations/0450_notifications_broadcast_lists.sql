-- Intent: the messages of staff to many are listed for those who send them, a scope's own or all; some thousand rows a year.
CREATE INDEX broadcasts_scope_idx ON notifications.broadcasts (scope_type, scope_id, id) WHERE scope_id IS NOT NULL;
