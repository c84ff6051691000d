-- Intent: what was added to a price as tax where prices are without it, so that what a period costs is known apart from what was
-- paid for it. A constant default: no row is rewritten.
alter table subscriptions.charges
    add column added_tax bigint not null default 0,
    add constraint charges_tax check (added_tax >= 0 and added_tax < amount);
