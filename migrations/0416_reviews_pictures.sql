-- Intent: the pictures that belong to a review, at most five; the files themselves are kept by the module of files, which knows what
-- they belong to. A constant default: no row is rewritten.
alter table reviews.reviews
    add column file_ids uuid[] not null default '{}',
    add constraint reviews_files check (cardinality(file_ids) <= 5);
