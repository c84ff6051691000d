-- The double-entry ledger: accounts, transactions, entries.
-- Sizes: three to six entries per movement of money, kept ten years; accounts: a handful per payee and currency.
-- Sign: a positive entry raises what the account's owner has coming to him; every transaction sums to zero per unit.

create table payments.accounts (
    id         uuid primary key,
    created_at timestamptz not null default now(),
    owner_type text not null check (length(owner_type) between 1 and 40),
    owner_id   uuid,
    code       text not null check (length(code) between 1 and 40),
    unit       text not null check (length(unit) between 1 and 20),
    is_wallet  boolean not null default false,
    floor      bigint,
    balance    bigint not null default 0,
    constraint accounts_unique unique nulls not distinct (owner_type, owner_id, code, unit),
    constraint accounts_owner_id check ((owner_type = 'platform') = (owner_id is null)),
    constraint accounts_floor check (floor is null or balance >= floor)
) with (fillfactor = 50);

create table payments.transactions (
    id              uuid primary key,
    kind            text not null check (length(kind) between 1 and 40),
    product         text not null check (length(product) between 1 and 40),
    object_type     text check (length(object_type) between 1 and 40),
    object_id       uuid,
    idempotency_key text not null constraint transactions_key_unique unique check (length(idempotency_key) between 1 and 200),
    description     text not null default '' check (length(description) <= 500),
    reverses        uuid constraint transactions_reverses_unique unique references payments.transactions on delete restrict,
    created_by      uuid references identity.users on delete set null,
    at              timestamptz not null default now()
);
create index transactions_object on payments.transactions (object_id) where object_id is not null;
create index transactions_creator on payments.transactions (created_by) where created_by is not null;

create table payments.entries (
    id             bigint generated always as identity primary key,
    transaction_id uuid not null references payments.transactions on delete restrict,
    account_id     uuid not null references payments.accounts on delete restrict,
    amount         bigint not null check (amount <> 0),
    balance_after  bigint not null
);
create index entries_account on payments.entries (account_id, id);
create index entries_transaction on payments.entries (transaction_id);

-- The balance moves only with an entry, and the entry keeps what it became. Whoever posts inserts his entries in
-- ascending order of accounts, so that two postings never wait for each other in a circle.
create function payments.book_entry() returns trigger language plpgsql as $$
begin
    update payments.accounts set balance = balance + new.amount where id = new.account_id
        returning balance into new.balance_after;
    return new;
end $$;
create trigger entries_book before insert on payments.entries
    for each row execute function payments.book_entry();

create function payments.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '%.% is append-only', tg_table_schema, tg_table_name
        using errcode = 'restrict_violation', constraint = 'ledger_append_only';
end $$;
create trigger accounts_balance_derived before update of balance on payments.accounts
    for each row when (pg_trigger_depth() = 0) execute function payments.refuse_change();
create trigger accounts_new_empty before insert on payments.accounts
    for each row when (new.balance <> 0) execute function payments.refuse_change();
create trigger entries_append_only before update or delete on payments.entries
    for each row execute function payments.refuse_change();
create trigger entries_no_truncate before truncate on payments.entries
    for each statement execute function payments.refuse_change();
-- An erased user leaves a transaction he made; nothing else of it may change.
create trigger transactions_append_only before update on payments.transactions
    for each row when (old.* is distinct from new.* and not (new.created_by is null and old.created_by is not null
        and (old.id, old.kind, old.product, old.idempotency_key, old.description, old.at)
          = (new.id, new.kind, new.product, new.idempotency_key, new.description, new.at)
        and (old.object_type, old.object_id, old.reverses) is not distinct from (new.object_type, new.object_id, new.reverses)))
    execute function payments.refuse_change();
create trigger transactions_no_delete before delete on payments.transactions
    for each row execute function payments.refuse_change();
create trigger transactions_no_truncate before truncate on payments.transactions
    for each statement execute function payments.refuse_change();

-- At commit every transaction has entries and they sum to zero in each unit.
create function payments.check_transaction() returns trigger language plpgsql as $$
declare
    target uuid := case when tg_table_name = 'transactions' then (to_jsonb(new) ->> 'id')::uuid
                        else (to_jsonb(new) ->> 'transaction_id')::uuid end;
    difference record;
begin
    select a.unit, sum(e.amount) as amount into difference
      from payments.entries e join payments.accounts a on a.id = e.account_id
     where e.transaction_id = target group by a.unit having sum(e.amount) <> 0 limit 1;
    if found then
        raise exception 'entries of transaction % differ by % %', target, difference.amount, difference.unit
            using errcode = 'check_violation', constraint = 'ledger_zero_sum';
    end if;
    if not exists (select from payments.entries e where e.transaction_id = target) then
        raise exception 'transaction % has no entries', target
            using errcode = 'check_violation', constraint = 'ledger_zero_sum';
    end if;
    return null;
end $$;
create constraint trigger transactions_balanced after insert on payments.transactions
    deferrable initially deferred for each row execute function payments.check_transaction();
create constraint trigger entries_balanced after insert on payments.entries
    deferrable initially deferred for each row execute function payments.check_transaction();
