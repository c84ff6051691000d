-- The benchmark's data: the same sizes as the peers' (20 condos, 20,000 units and people, 200,000 invoices with four
-- items each), three meters for each unit, and the board of urgent orders. Deterministic: ids are composed, not drawn, so that a load generator can
-- compose them too:  KKKKKKKK-0000-7000-8000-nnnnnnnnnnnn  with kind K and number n.
-- Loaded into an empty migrated database. Triggers and foreign keys are off while loading; what is written fits them.
set session_replication_role = replica;
set synchronous_commit = off;

create function pg_temp.key(kind int, n bigint) returns uuid language sql immutable as
$$ select (lpad(kind::text, 8, '0') || '-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;

insert into condo.companies (id, name, legal_name, currency, timezone, default_language)
values (pg_temp.key(1, 1), 'Benchmark Estates', 'Benchmark Estates Ltd', 'EUR', 'Europe/Sofia', 'en');

insert into condo.condos (id, company_id, name, address)
select pg_temp.key(2, i), pg_temp.key(1, 1), 'Condo ' || i, i || ' Main street' from generate_series(1, 20) i;

-- People 1..20 administer a condo each; all share one password.
insert into identity.users (id, email, email_verified_at, password_hash, first_name, last_name, locale, status, created_at)
select pg_temp.key(3, i), 'user' || i || '@benchmark.example', now(), :'password_hash', 'User', i::text, 'en', 'active',
       '2025-01-01'::timestamptz + i * interval '7 minutes'
  from generate_series(1, 20000) i;

insert into identity.grants (id, user_id, role, scope_type, scope_id)
select pg_temp.key(9, i), pg_temp.key(3, i), 'condo_admin', 'condo', pg_temp.key(2, i) from generate_series(1, 20) i;

-- A thousand of the others own ten flats each: owner q (0..49) of condo c those whose meters' keys, less c * 10000,
-- end in the digits of q and one more. Their password is hashed cheaply, so that all can sign in before a run.
update identity.users u set password_hash = :'owner_hash'
  from generate_series(1, 20) c, generate_series(0, 49) q where u.id = pg_temp.key(3, (c - 1) * 1000 + 101 + q);

insert into identity.grants (id, user_id, role, scope_type, scope_id)
select pg_temp.key(9, c * 10000 + 10 * q + d), pg_temp.key(3, (c - 1) * 1000 + 101 + q), 'resident', 'unit',
       pg_temp.key(4, c * 10000 + 1000 + (10 * q + d + 1) % 1000)
  from generate_series(1, 20) c, generate_series(0, 49) q, generate_series(0, 9) d;

-- Unit k (1..1000) of condo c has the number k and the key c * 10000 + 999 + k.
insert into condo.units (id, condo_id, company_id, unit_type_id, type_code, type_name, number, floor, area, rooms,
                         owner_name, resident_count, created_at)
select pg_temp.key(4, c * 10000 + 999 + k), pg_temp.key(2, c), pg_temp.key(1, 1), t.id, t.code, t.name, k::text,
       1 + k % 25, 30 + k % 700 / 10.0, 1 + k % 4, 'User ' || (c - 1) * 1000 + k, 1,
       '2025-02-01'::timestamptz + ((c - 1) * 1000 + k) * interval '3 minutes'
  from generate_series(1, 20) c, generate_series(1, 1000) k, condo.unit_types t
 where t.condo_id is null and t.code = 'apartment';

insert into condo.residents (id, user_id, condo_id, unit_id, role, move_in_date, last_name, first_name, email)
select pg_temp.key(5, (c - 1) * 1000 + k), p.id, pg_temp.key(2, c), pg_temp.key(4, c * 10000 + 999 + k), 'owner',
       '2025-02-01', p.last_name, p.first_name, p.email
  from generate_series(1, 20) c, generate_series(1, 1000) k,
       identity.users p where p.id = pg_temp.key(3, (c - 1) * 1000 + k);

-- Meter j (1..3000) of condo c belongs to its unit 1 + j % 1000 and has the key c * 10000 + 999 + j.
insert into condo.meters (id, unit_id, condo_id, meter_type_id, serial_number, installation_date)
select pg_temp.key(6, c * 10000 + 999 + j), pg_temp.key(4, c * 10000 + 1000 + j % 1000), pg_temp.key(2, c), t.id, c || '-' || j, '2000-01-01'
  from generate_series(1, 20) c, generate_series(1, 3000) j,
       (select id, row_number() over (order by code) n from condo.meter_types
         where code in ('cold_water', 'electricity', 'hot_water') and condo_id is null and company_id is null) t
 where t.n = 1 + (j - 1) / 1000;

-- Invoice j (1..10000) of condo c: of unit 1 + j % 1000 for month (j - 1) / 1000 of 2025, key c * 100000 + 9999 + j.
-- Due in a far future, or the server would be busy with 200,000 reminders while it is measured.
create temporary table items as
select c, j, k, (array['Maintenance', 'Cold water', 'Heating', 'Electricity'])[k] as description, q.quantity, q.price,
       round(q.quantity * q.price * 100)::bigint as amount
  from generate_series(1, 20) c, generate_series(1, 10000) j, generate_series(1, 4) k,
       lateral (select 1 + j * k % 97 / 10.0 as quantity, (1000 + j * k % 5000) / 100.0 as price) q;

insert into invoices.invoices (id, series, number, kind, product, issuer_type, issuer_id, debtor_type, debtor_id,
                               scope_type, scope_id, status, period, time_zone, issued_on, due_on, currency, subtotal,
                               total, snapshot, created_at)
select pg_temp.key(7, c * 100000 + 9999 + j), 'INV-2025', 'INV-2025-' || lpad(((c - 1) * 10000 + j)::text, 6, '0'),
       'unit_monthly', 'condominiums', 'company', pg_temp.key(1, 1), 'unit', pg_temp.key(4, c * 10000 + 1000 + j % 1000),
       'condo', pg_temp.key(2, c), 'issued', p.period, 'Europe/Sofia', p.period + 31, '2099-12-31', 'EUR', t.amount,
       t.amount, '{}', '2025-01-01'::timestamptz + ((c - 1) * 10000 + j) * interval '31 seconds'
  from (select c, j, sum(amount) as amount from items group by c, j) t,
       lateral (select ('2025-01-01'::date + (j - 1) / 1000 * interval '1 month')::date as period) p;

insert into invoices.items (id, invoice_id, position, description, quantity, unit_price, amount)
select pg_temp.key(8, (c * 100000 + 9999 + j)::bigint * 10 + k), pg_temp.key(7, c * 100000 + 9999 + j), k, description,
       quantity, price, amount
  from items;

update condo.units set household = condo.household_of(id);

-- The board of urgent orders: 20,000 people of whom the first 19,000 have money, 50,000 orders of which every tenth is active.
-- Accounts of the ledger have the ids that the server derives from what they are (RFC 9562, version 8, of their SHA-256).
create function pg_temp.account(owner_type text, owner text, code text) returns uuid language sql immutable as $$
    select (substr(h, 1, 12) || '8' || substr(h, 14, 3) || substr('89ab', 1 + (('x' || substr(h, 17, 1))::bit(4)::int & 3), 1)
            || substr(h, 18, 15))::uuid
      from (select encode(sha256(convert_to(concat_ws(E'\x1f', owner_type, owner, code, 'RUB'), 'UTF8')), 'hex') h) x
$$;

insert into payments.accounts (id, owner_type, owner_id, code, unit, is_wallet, floor)
select pg_temp.account('user', pg_temp.key(3, i)::text, 'wallet'), 'user', pg_temp.key(3, i), 'wallet', 'RUB', true, 0
  from generate_series(1, 20000) i
union all
select pg_temp.account('platform', '', code), 'platform', null, code, 'RUB', false, null
  from generate_series(0, 1023) i, concat('urgent.', case when i < 10 then '0' end, i) code
union all
select pg_temp.account('platform', '', 'benchmark'), 'platform', null, 'benchmark', 'RUB', false, null;

-- Seen long after the run: nobody's name is written anew in it. Telegram knows person i as 1000000 + i.
insert into urgent.users (id, account_id, wallet_id, username, first_name, language_code, created_at, last_seen_at)
select 1000000 + i, pg_temp.key(3, i), pg_temp.account('user', pg_temp.key(3, i)::text, 'wallet'), 'user' || i, 'User', 'ru',
       '2025-01-01'::timestamptz + i * interval '7 minutes', '2099-01-01'
  from generate_series(1, 20000) i;

insert into identity.identities (kind, subject, user_id, profile, created_at)
select 'telegram', (1000000 + i)::text, pg_temp.key(3, i),
       json_build_object('firstName', 'User', 'lastName', null, 'username', 'user' || i, 'language', 'ru'), '2025-01-01'
  from generate_series(1, 20000) i;

insert into urgent.orders (id, client_id, category, description, city, contact, contact_key, status, close_reason, closed_at,
                           expires_at, takings_id, created_at)
select 'bench' || lpad(i::text, 7, '0'), 1000000 + 1 + (i * 13) % 20000,
       (array['Сантехника', 'Электрика', 'Клининг', 'Другое'])[1 + i % 4], 'Срочная работа номер ' || i || ', нужен мастер',
       (array['Москва', 'Казань', 'Пермь', 'Тверь', 'Омск'])[1 + i / 10 % 5], '+7911' || lpad(i::text, 7, '0'),
       '+7911' || lpad(i::text, 7, '0'), case when i % 10 = 0 then 'active' else 'completed' end,
       case when i % 10 <> 0 then 'completed' end, case when i % 10 <> 0 then '2025-06-01'::timestamptz end, '2099-01-01',
       pg_temp.account('platform', '', concat('urgent.', case when i % 1024 < 10 then '0' end, i % 1024)),
       '2025-03-01'::timestamptz + i * interval '11 seconds'
  from generate_series(1, 50000) i;

\ir reset-takes.sql
\ir reset-orders.sql

reset session_replication_role;
vacuum (full, analyze);
-- A full vacuum leaves no visibility map, which autovacuum, switched off here, would have made soon.
vacuum;
