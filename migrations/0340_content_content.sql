-- Texts that staff write and everybody reads: legal pages, questions and answers, onboarding slides, document templates, and the
-- versions of what may have to be shown later. Sizes: hundreds of each; votes on answers some thousand a day, kept 30 days.

create schema content;

create table content.pages (
    id            uuid primary key,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    product       text not null check (product ~ '^[a-z][a-z0-9_]{0,39}$'),
    locale        text not null check (locale ~ '^[a-z]{2}$'),
    slug          text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
    title         text not null check (length(title) between 1 and 200),
    content       text not null check (length(content) >= 100 and octet_length(content) <= 204800),
    page_type     text not null check (page_type in ('about', 'privacy_policy', 'terms_of_service', 'user_agreement',
                      'lawyer_agreement', 'refund_policy', 'cookies_policy', 'custom')),
    excerpt       text check (length(excerpt) between 1 and 500),
    seo           jsonb not null default '{}' check (jsonb_typeof(seo) = 'object'),
    status        text not null default 'draft' check (status in ('draft', 'published', 'scheduled')),
    published_at  timestamptz,
    scheduled_for timestamptz,
    version       int not null default 1 check (version > 0),
    deleted_at    timestamptz,
    constraint pages_published check ((status = 'published') = (published_at is not null)),
    constraint pages_scheduled check ((status = 'scheduled') = (scheduled_for is not null)),
    constraint pages_deleted_draft check (deleted_at is null or status = 'draft')
);
create unique index pages_slug on content.pages (product, slug, locale) where deleted_at is null;
create unique index pages_one_published on content.pages (product, locale, page_type)
    where status = 'published' and page_type <> 'custom';
create index pages_due on content.pages (scheduled_for) where status = 'scheduled';
create index pages_list on content.pages (id) where deleted_at is null;

create table content.faqs (
    id                uuid primary key,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    product           text not null check (product ~ '^[a-z][a-z0-9_]{0,39}$'),
    locale            text not null check (locale ~ '^[a-z]{2}$'),
    question          text not null check (length(question) between 1 and 500),
    answer            text not null check (length(answer) between 1 and 10000),
    category          text not null check (length(category) between 1 and 50),
    display_order     int not null default 0 check (display_order between 0 and 100000),
    status            text not null default 'active' check (status in ('active', 'inactive')),
    view_count        int not null default 0 check (view_count >= 0),
    helpful_count     int not null default 0 check (helpful_count >= 0),
    not_helpful_count int not null default 0 check (not_helpful_count >= 0),
    deleted_at        timestamptz
);
create index faqs_shown on content.faqs (product, locale, display_order, id) where status = 'active' and deleted_at is null;
create index faqs_list on content.faqs (display_order, id) where deleted_at is null;

-- A voter is an account, or the digest of an address and the day.
create table content.faq_votes (
    faq_id uuid not null references content.faqs on delete cascade,
    voter  text not null check (length(voter) between 1 and 100),
    day_on date not null,
    kind   text not null check (kind in ('view', 'feedback')),
    primary key (faq_id, voter, day_on, kind)
);
create index faq_votes_day on content.faq_votes (day_on);

create table content.templates (
    id             uuid primary key,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    product        text not null check (product ~ '^[a-z][a-z0-9_]{0,39}$'),
    title          text not null check (length(title) between 1 and 200),
    description    text not null check (length(description) between 1 and 2000),
    category       text not null check (length(category) between 1 and 50),
    content        text not null check (length(content) >= 1 and octet_length(content) <= 204800),
    variables      jsonb not null check (jsonb_typeof(variables) = 'array'),
    is_premium     boolean not null default false,
    is_public      boolean not null default true,
    price          bigint check (price >= 0),
    currency       char(3) check (currency ~ '^[A-Z]{3}$'),
    download_count int not null default 0 check (download_count >= 0),
    status         text not null default 'draft' check (status in ('active', 'inactive', 'draft')),
    version        int not null default 1 check (version > 0),
    tags           text[] not null default '{}' check (cardinality(tags) <= 20),
    deleted_at     timestamptz,
    constraint templates_price_whole check ((price is null) = (currency is null))
);
create index templates_shown on content.templates (product, id) where status = 'active' and is_public and deleted_at is null;
create index templates_list on content.templates (id) where deleted_at is null;

create table content.versions (
    object_type text not null check (object_type in ('page', 'template')),
    object_id   uuid not null,
    version     int not null check (version > 0),
    title       text not null check (length(title) between 1 and 200),
    content     text not null,
    variables   jsonb,
    changed_by  uuid not null references identity.users on delete restrict,
    at          timestamptz not null,
    primary key (object_type, object_id, version)
);
create index versions_author on content.versions (changed_by);

create table content.slides (
    id            uuid primary key,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    product       text not null check (product ~ '^[a-z][a-z0-9_]{0,39}$'),
    audience      text not null check (audience ~ '^[a-z][a-z0-9_]{0,39}$'),
    locale        text not null check (locale ~ '^[a-z]{2}$'),
    title         text not null check (length(title) between 1 and 200),
    description   text not null check (length(description) between 1 and 2000),
    image_file_id uuid references files.files on delete restrict,
    button_text   text not null check (length(button_text) between 1 and 50),
    button_action text check (length(button_action) between 1 and 200),
    display_order int not null default 0 check (display_order between 0 and 100000),
    status        text not null default 'active' check (status in ('active', 'inactive')),
    deleted_at    timestamptz
);
create index slides_shown on content.slides (product, audience, locale, display_order, id)
    where status = 'active' and deleted_at is null;
create index slides_image on content.slides (image_file_id) where image_file_id is not null;
create index slides_list on content.slides (display_order, id) where deleted_at is null;
