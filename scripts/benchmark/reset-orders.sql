-- Before each measured run of lists: every tenth order is active, and nobody has taken any.
truncate urgent.unanswered;
update urgent.orders
   set takers = '{}', taken_at = '{}', takes_count = 0, first_taken_at = null, no_response_at = null,
       status = case when right(id, 1) = '0' then 'active' else 'completed' end,
       close_reason = case when right(id, 1) <> '0' then 'completed' end,
       closed_at = case when right(id, 1) <> '0' then '2025-06-01'::timestamptz end
 where takes_count > 0 or (right(id, 1) = '0') <> (status = 'active');
vacuum (full, analyze) urgent.orders;
vacuum urgent.orders;
checkpoint;
