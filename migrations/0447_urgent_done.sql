-- How many orders somebody has done is counted in an index, however many he has made or taken: a take is noted as done with its
-- order, in the transaction that completes it.
-- Size: up to three takes for each of some million completed orders.
alter table urgent.executor_takes add column is_done boolean not null default false;
update urgent.executor_takes t set is_done = true from urgent.orders o where o.id = t.order_id and o.status = 'completed';
create index executor_takes_done on urgent.executor_takes (executor_id) where is_done;
create index orders_done_of_client on urgent.orders (client_id) where status = 'completed';

create function urgent.note_done() returns trigger language plpgsql as $$
begin
    update urgent.executor_takes set is_done = true where order_id = new.id;
    return null;
end $$;
create trigger orders_note_done after update of status on urgent.orders for each row
    when (new.status = 'completed' and old.status <> 'completed') execute function urgent.note_done();
