-- Support tickets of every product and of the platform: categories, tickets, what was said and done, rules, and the counters
-- behind the numbers. Sizes: a ticket per household and quarter, some hundred thousand a year, with five to ten comments and
-- events each. A ticket's scope is where its staff work; the platform is the one scope without an id.

create schema tickets;

-- A category of a scope type (scope_id null) holds in all its scopes; one of the same code on a scope takes its place there.
create table tickets.categories (
    id          uuid primary key,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    scope_type  text not null check (length(scope_type) between 1 and 40),
    scope_id    uuid,
    code        text not null check (code ~ '^[a-z][a-z0-9_]{0,49}$'),
    names       jsonb not null check (jsonb_typeof(names) = 'object' and names ? 'en'),
    icon        text check (length(icon) between 1 and 50),
    color       text check (color ~ '^#[0-9a-f]{6}$'),
    sla_hours   int check (sla_hours between 1 and 8760),
    auto_assign boolean not null default true,
    is_system   boolean not null default false,
    deleted_at  timestamptz,
    constraint categories_system_scope check (not is_system or scope_id is null)
);
create unique index categories_code on tickets.categories (scope_type, scope_id, code) nulls not distinct
    where deleted_at is null;

create table tickets.tickets (
    id                uuid primary key,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    number            text not null check (length(number) between 1 and 30),
    scope_type        text not null check (length(scope_type) between 1 and 40),
    scope_id          uuid,
    place_type        text check (length(place_type) between 1 and 40),
    place_id          uuid,
    requester_id      uuid not null references identity.users on delete restrict,
    is_anonymous      boolean not null default false,
    category_id       uuid not null references tickets.categories on delete restrict,
    title             text not null check (length(title) between 1 and 255),
    description       text not null check (length(description) between 1 and 10000),
    priority          text not null check (priority in ('low', 'medium', 'high', 'critical')),
    status            text not null check (status in ('new', 'assigned', 'in_progress', 'waiting', 'review', 'resolved',
                                                      'closed', 'cancelled')),
    assignee_id       uuid references identity.users on delete restrict,
    assigned_at       timestamptz,
    auto_assigned     boolean not null default false,
    tags              text[] not null default '{}' check (cardinality(tags) <= 20),
    source            text not null check (length(source) between 1 and 30),
    moved_at          timestamptz not null,
    due_at            timestamptz,
    first_response_at timestamptz,
    sla_breached_at   timestamptz,
    resolution        text check (length(resolution) between 1 and 5000),
    resolved_at       timestamptz,
    closed_at         timestamptz,
    reopened_count    int not null default 0 check (reopened_count >= 0),
    rating            int check (rating between 1 and 5),
    feedback          text check (length(feedback) between 1 and 1000),
    deleted_at        timestamptz,
    search            tsvector not null generated always as
        (to_tsvector('simple', number || ' ' || title || ' ' || description)) stored,

    constraint tickets_number_unique unique (number),
    constraint tickets_platform_scope check ((scope_type = 'platform') = (scope_id is null)),
    constraint tickets_place_whole check ((place_type is null) = (place_id is null)),
    constraint tickets_assigned check ((assignee_id is null) = (assigned_at is null)),
    constraint tickets_new_unassigned check (status <> 'new' or assignee_id is null),
    constraint tickets_assigned_assignee check (status <> 'assigned' or assignee_id is not null),
    constraint tickets_resolved check (status <> 'resolved' or resolved_at is not null),
    constraint tickets_open_unresolved check (
        status not in ('new', 'assigned', 'in_progress', 'waiting', 'review') or (resolved_at is null and closed_at is null)),
    constraint tickets_closed check ((status in ('closed', 'cancelled')) = (closed_at is not null)),
    constraint tickets_feedback_rating check (feedback is null or rating is not null)
);
-- Lists of an office, of a requester, of an assignee, of a place; ids are version 7, so (…, id) is the order of creation.
create index tickets_scope on tickets.tickets (scope_type, scope_id, id) where deleted_at is null;
create index tickets_scope_status on tickets.tickets (scope_type, scope_id, status, id) where deleted_at is null;
create index tickets_requester on tickets.tickets (requester_id, id);
create index tickets_assignee on tickets.tickets (assignee_id, assigned_at) where assignee_id is not null;
create index tickets_place on tickets.tickets (place_id, id) where place_id is not null;
create index tickets_category on tickets.tickets (category_id);
-- The jobs: what is due, what was resolved, what waits.
create index tickets_due on tickets.tickets (scope_type, due_at)
    where due_at is not null and sla_breached_at is null and deleted_at is null
      and status in ('new', 'assigned', 'in_progress', 'waiting', 'review');
create index tickets_resolved_since on tickets.tickets (scope_type, moved_at) where status = 'resolved' and deleted_at is null;
create index tickets_waiting_since on tickets.tickets (scope_type, moved_at) where status = 'waiting' and deleted_at is null;
create index tickets_due_order on tickets.tickets (due_at, id) where deleted_at is null;
create index tickets_search on tickets.tickets using gin (search);
create index tickets_title_like on tickets.tickets using gin (title gin_trgm_ops);

create table tickets.comments (
    id          uuid primary key,
    created_at  timestamptz not null,
    ticket_id   uuid not null references tickets.tickets on delete cascade,
    author_id   uuid not null references identity.users on delete restrict,
    author_side text not null check (author_side in ('requester', 'staff')),
    text        text not null check (length(text) between 1 and 5000),
    is_internal boolean not null default false,
    constraint comments_internal_side check (not is_internal or author_side = 'staff')
);
create index comments_ticket on tickets.comments (ticket_id, id);
create index comments_author on tickets.comments (author_id);

-- The history. `actor_side` says whose name it is; a job has none.
create table tickets.events (
    id         uuid primary key,
    ticket_id  uuid not null references tickets.tickets on delete cascade,
    event      text not null check (event in ('created', 'assigned', 'moved', 'changed', 'breached', 'escalated', 'rated')),
    from_value text check (length(from_value) <= 255),
    to_value   text check (length(to_value) <= 255),
    actor_id   uuid references identity.users on delete restrict,
    actor_side text not null check (actor_side in ('requester', 'staff', 'system')),
    note       text check (length(note) between 1 and 1000),
    at         timestamptz not null,
    constraint events_actor check ((actor_side = 'system') = (actor_id is null))
);
create index events_ticket on tickets.events (ticket_id, id);
create index events_actor on tickets.events (actor_id) where actor_id is not null;

-- What an operator has changed of a profile that a product registers.
create table tickets.profiles (
    scope_type       text primary key check (length(scope_type) between 1 and 40),
    updated_at       timestamptz not null default now(),
    critical_hours   int check (critical_hours between 1 and 8760),
    high_hours       int check (high_hours between 1 and 8760),
    medium_hours     int check (medium_hours between 1 and 8760),
    low_hours        int check (low_hours between 1 and 8760),
    auto_close_hours int not null check (auto_close_hours between 1 and 8760),
    reopen_hours     int not null check (reopen_hours between 1 and 8760),
    waiting_days     int check (waiting_days between 1 and 365)
);

create table tickets.rules (
    id         uuid primary key,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    scope_type text not null check (length(scope_type) between 1 and 40),
    scope_id   uuid,
    name       text not null check (length(name) between 1 and 100),
    kind       text not null check (kind in ('assign', 'prioritise', 'tag', 'reply', 'escalate')),
    condition  jsonb not null check (jsonb_typeof(condition) = 'object'),
    action     jsonb not null check (jsonb_typeof(action) = 'object'),
    position   int not null check (position between 0 and 10000),
    is_enabled boolean not null default true,
    run_count  int not null default 0 check (run_count >= 0),
    constraint rules_platform_scope check ((scope_type = 'platform') = (scope_id is null))
);
create index rules_scope on tickets.rules (scope_type, scope_id, position, id);

-- Raised inside the transaction that opens a ticket: one that rolls back gives its number back, so there is no gap. A series
-- without years counts under 0.
create table tickets.counters (
    series text not null,
    year   int not null check (year = 0 or year between 2000 and 9999),
    value  int not null check (value > 0),
    primary key (series, year)
) with (fillfactor = 50);

insert into tickets.categories (id, scope_type, code, names, sla_hours, is_system) values
    ('01900000-0000-7000-8000-000000000701', 'platform', 'technical', '{"en": "Technical", "ru": "Техническое", "bg": "Техническо"}', null, true),
    ('01900000-0000-7000-8000-000000000702', 'platform', 'support', '{"en": "Support", "ru": "Поддержка", "bg": "Поддръжка"}', null, true),
    ('01900000-0000-7000-8000-000000000703', 'platform', 'billing', '{"en": "Billing", "ru": "Оплата", "bg": "Плащания"}', null, true),
    ('01900000-0000-7000-8000-000000000704', 'platform', 'feature', '{"en": "Feature request", "ru": "Предложение", "bg": "Предложение"}', null, true),
    ('01900000-0000-7000-8000-000000000711', 'condo', 'plumbing', '{"en": "Plumbing", "ru": "Сантехника", "bg": "ВиК"}', null, true),
    ('01900000-0000-7000-8000-000000000712', 'condo', 'electrical', '{"en": "Electrical", "ru": "Электрика", "bg": "Електричество"}', null, true),
    ('01900000-0000-7000-8000-000000000713', 'condo', 'heating', '{"en": "Heating", "ru": "Отопление", "bg": "Отопление"}', null, true),
    ('01900000-0000-7000-8000-000000000714', 'condo', 'cleaning', '{"en": "Cleaning", "ru": "Уборка", "bg": "Почистване"}', null, true),
    ('01900000-0000-7000-8000-000000000715', 'condo', 'security', '{"en": "Security", "ru": "Безопасность", "bg": "Сигурност"}', null, true),
    ('01900000-0000-7000-8000-000000000716', 'condo', 'repair', '{"en": "Repair", "ru": "Ремонт", "bg": "Ремонт"}', null, true),
    ('01900000-0000-7000-8000-000000000717', 'condo', 'water_supply', '{"en": "Water supply", "ru": "Водоснабжение", "bg": "Водоснабдяване"}', null, true),
    ('01900000-0000-7000-8000-000000000718', 'condo', 'elevator', '{"en": "Elevator", "ru": "Лифт", "bg": "Асансьор"}', null, true),
    ('01900000-0000-7000-8000-000000000719', 'condo', 'noise', '{"en": "Noise", "ru": "Шум", "bg": "Шум"}', null, true),
    ('01900000-0000-7000-8000-000000000720', 'condo', 'other', '{"en": "Other", "ru": "Прочее", "bg": "Друго"}', null, true);

-- The platform's own rules (0-platform, 4.10), as an administrator may change them.
insert into tickets.rules (id, scope_type, name, kind, condition, action, position) values
    ('01900000-0000-7000-8000-000000000731', 'platform', 'Words of urgency', 'prioritise',
     '{"words": ["urgent", "down", "not working", "cannot login", "payment failed"]}', '{"priority": "high"}', 10),
    ('01900000-0000-7000-8000-000000000732', 'platform', 'Words of danger', 'prioritise',
     '{"words": ["data loss", "security", "breach"]}', '{"priority": "critical"}', 20);
