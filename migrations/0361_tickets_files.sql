-- Intent: the files that belong to a ticket and to what was said on it, at most ten each; the files themselves are kept by the
-- module of files, which knows what they belong to.
alter table tickets.tickets
    add column file_ids uuid[] not null default '{}',
    add constraint tickets_files check (cardinality(file_ids) <= 10);
alter table tickets.comments
    add column file_ids uuid[] not null default '{}',
    add constraint comments_files check (cardinality(file_ids) <= 10);
