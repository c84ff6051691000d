-- Intent: lists over everything, which the platform's staff read, and over much of it, which those of a large company do. Three
-- narrow entries more, one per payment and two per invoice.
create index payments_created on payments.payments (created_at desc, id desc);
create index invoices_due on invoices.invoices (due_on, id);
create index invoices_period on invoices.invoices (period, id);
