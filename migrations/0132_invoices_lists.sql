-- Lists of a scope by the day something is due and by month, and the search for a part of a number. Two narrow entries per
-- invoice, and a row of trigrams for each that has been issued.
create index invoices_scope_due on invoices.invoices (scope_id, due_on, id);
create index invoices_scope_period on invoices.invoices (scope_id, period, id);
create index invoices_number_search on invoices.invoices using gin (number gin_trgm_ops) where number is not null;
