-- Intent: an invoice of the board names its payment before the platform has it: its number is drawn by us and committed first,
-- so that no answer of a provider can come for a payment that nobody knows. Where the money stands says the payment alone.
-- Size: a few per user; nobody has any before this.
alter table urgent.payment_invoices
    drop constraint payment_invoices_payment_id_fkey,
    alter column payment_id set not null,
    drop column status,
    drop column pay_url,
    drop column mini_app_url,
    drop column expires_at,
    drop column paid_at,
    drop column refunded_at;
