-- Revenue of a day by currency: amounts of several are not added. total_revenue stands where there was one currency at most.
alter table analytics.platform_analytics
    add column revenue jsonb not null default '{}' check (jsonb_typeof(revenue) = 'object'),
    alter column total_revenue drop not null,
    alter column total_revenue drop default;

update analytics.platform_analytics p
   set revenue = coalesce((
           select jsonb_object_agg(m.dimension, m.value) from analytics.daily_metrics m
            where m.day_on = p.day_on and m.metric = 'payments.revenue'), '{}'),
       total_revenue = case when (
           select count(*) from analytics.daily_metrics m
            where m.day_on = p.day_on and m.metric = 'payments.revenue') <= 1 then p.total_revenue end;
