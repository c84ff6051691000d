-- What staff may ask for is found in an index, whatever it is: withdrawn and closed orders of a category, and payments through a
-- provider. Neither is written by making or taking an order.
-- Size: a fraction of the orders, some million; a few payments per user.
create index orders_withdrawn_of_category on urgent.orders (status, category, created_at desc, id desc)
    where status in ('deleted', 'closed_no_response');
create index payment_invoices_of_provider on urgent.payment_invoices (provider, id desc);
