-- Ended orders of a category, and of a category in a town, newest first: what anybody may look through. Orders that are active
-- are not among them, so that neither making nor taking one writes here; its end does.
-- Size: as many rows as orders have ended, some ten million.
create index orders_ended_of_category on urgent.orders (status, category, created_at desc, id desc)
    where status in ('completed', 'expired');
create index orders_ended_of_town on urgent.orders (status, city, category, created_at desc, id desc)
    where status in ('completed', 'expired');
