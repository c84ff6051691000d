-- Intent: whoever pays may ask that what he pays by is kept for him; a payment says what it is made of; a payout above a limit is
-- let go by two; what a payer contests at his bank is paid out to nobody. What a guest has said of himself stands in the column that has always been there for it.
alter table payments.payments
    add column saves_method boolean not null default false,
    add column disputed_at timestamptz;
alter table payments.payouts
    add column approved_by uuid references identity.users on delete set null,
    add column approved_at timestamptz,
    -- Through whom it leaves: by hand from the bank, or a provider.
    add column transfer text check (length(transfer) between 1 and 30);
create index payouts_approver on payments.payouts (approved_by) where approved_by is not null;
