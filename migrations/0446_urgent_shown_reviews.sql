-- Reviews as everybody sees them, of all, of a number of stars, of an executor: those that are hidden are none of the list's
-- business. An executor's stars stand in the index, from which his mean is made.
-- Size: a fraction of the orders, some million.
create index client_reviews_shown on urgent.client_reviews (created_at desc, id desc) where status = 'visible';
create index client_reviews_shown_by_rating on urgent.client_reviews (rating, created_at desc, id desc) where status = 'visible';
create index client_reviews_shown_of_executor on urgent.client_reviews (executor_id, created_at desc, id desc) include (rating)
    where status = 'visible';
