-- How many active orders a town has, in all or of a category, is counted in the index alone.
drop index urgent.orders_of_town;
create index orders_of_town on urgent.orders (status, city, created_at desc, id desc) include (category);
drop index urgent.orders_newest;
create index orders_newest on urgent.orders (status, created_at desc, id desc) include (category);
