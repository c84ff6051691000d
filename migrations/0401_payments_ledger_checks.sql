-- What holds of a movement at commit is asked once for the movement, not once more for each of its entries: those that came
-- with it are seen by its own check. An entry that somebody adds to a movement of an earlier transaction is looked at as before.
create or replace function payments.check_transaction() returns trigger language plpgsql as $$
declare
    target uuid := new.id;
    difference record;
begin
    perform from (
        select sum(e.amount) as amount from payments.entries e join payments.accounts a on a.id = e.account_id
         where e.transaction_id = target group by a.unit) x
     having coalesce(bool_and(x.amount = 0), false);
    if found then
        return null;
    end if;
    select a.unit, sum(e.amount) as amount into difference
      from payments.entries e join payments.accounts a on a.id = e.account_id
     where e.transaction_id = target group by a.unit having sum(e.amount) <> 0 limit 1;
    if found then
        raise exception 'entries of transaction % differ by % %', target, difference.amount, difference.unit
            using errcode = 'check_violation', constraint = 'ledger_zero_sum';
    end if;
    raise exception 'transaction % has no entries', target
        using errcode = 'check_violation', constraint = 'ledger_zero_sum';
end $$;

create function payments.check_entry() returns trigger language plpgsql as $$
declare
    difference record;
begin
    perform from payments.transactions t where t.id = new.transaction_id and t.xmin = pg_current_xact_id()::xid;
    if found then
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

drop trigger entries_balanced on payments.entries;
create constraint trigger entries_balanced after insert on payments.entries
    deferrable initially deferred for each row execute function payments.check_entry();
