-- Intent: a movement sums to zero whatever parts its transaction has. Whether an entry came with its movement was asked of the row
-- versions: that asked twice under a savepoint, and not at all once a movement had been checked before its transaction's end (set
-- constraints immediate). Now the last entry of a movement asks for its sum, whenever it comes, and the movement whether it has
-- entries. No table changes; as many look-ups as before.
create or replace function payments.check_transaction() returns trigger language plpgsql as $$
begin
    if not exists (select from payments.entries e where e.transaction_id = new.id) then
        raise exception 'transaction % has no entries', new.id
            using errcode = 'check_violation', constraint = 'ledger_zero_sum';
    end if;
    return null;
end $$;

create or replace function payments.check_entry() returns trigger language plpgsql as $$
declare
    difference record;
begin
    -- A later one asks.
    if exists (select from payments.entries e where e.transaction_id = new.transaction_id and e.id > new.id) then
        return null;
    end if;
    select a.unit, sum(e.amount) as amount into difference
      from payments.entries e join payments.accounts a on a.id = e.account_id
     where e.transaction_id = new.transaction_id group by a.unit having sum(e.amount) <> 0 limit 1;
    if found then
        raise exception 'entries of transaction % differ by % %', new.transaction_id, difference.amount, difference.unit
            using errcode = 'check_violation', constraint = 'ledger_zero_sum';
    end if;
    return null;
end $$;
