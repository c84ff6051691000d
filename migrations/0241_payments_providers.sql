-- Intent: payments by providers of other houses. What a checkout needs (client secrets among it) is kept sealed, so the open
-- address beside it goes; of several requests at once one makes the order; staff may take less than what is held; a refund
-- knows under which key it was refused before; a webhook says what its object is. Rows as before: a few per payment.
alter table payments.attempts
    add column checkout_enc bytea,
    -- When somebody last set out to make the order; the epoch when he came back without one.
    add column asked_at timestamptz,
    drop column checkout_url;
alter table payments.payments
    add column capture_amount bigint check (capture_amount > 0 and capture_amount <= amount);
alter table payments.refunds add column previous_key uuid;
create index refunds_key_previous on payments.refunds (previous_key) where previous_key is not null;
alter table payments.webhook_events
    add column object_kind text not null default 'order' check (object_kind in ('order', 'payment', 'refund'));
