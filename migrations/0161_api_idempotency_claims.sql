-- Intent: what a POST asks somebody outside is not undone by a transaction. Its key is claimed before it asks, and answered
-- afterwards; who repeats it after a crash finds the claim, and under its effect what has been begun. Small: a row per such
-- POST, kept a day like the others.
alter table api.idempotency_keys
    alter column status drop not null,
    alter column content_type drop not null,
    alter column response drop not null,
    add column effect_id uuid,
    add column claimed_until timestamptz,
    add constraint idempotency_keys_answered check (
        (status is null) = (content_type is null) and (status is null) = (response is null)
        and (status is null) = (claimed_until is not null) and (claimed_until is null or effect_id is not null));
