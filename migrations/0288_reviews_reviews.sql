-- Reviews of any subject: stars and words, who found them helpful, and what they come to. Sizes: a review per ten orders or
-- visits, some hundred thousand a year; a summary per subject.

create schema reviews;

create table reviews.reviews (
    id                uuid primary key,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    subject_type      text not null check (length(subject_type) between 1 and 40),
    subject_id        uuid not null,
    basis_type        text check (length(basis_type) between 1 and 40),
    basis_id          uuid,
    author_id         uuid not null references identity.users on delete restrict,
    rating            int not null check (rating between 1 and 5),
    title             text check (length(title) between 1 and 150),
    text              text check (length(text) between 1 and 2000),
    is_verified       boolean not null,
    helpful_count     int not null default 0 check (helpful_count >= 0),
    reply             text check (length(reply) between 1 and 2000),
    replied_at        timestamptz,
    status            text not null default 'visible' check (status in ('visible', 'hidden')),
    moderated_by      uuid references identity.users on delete restrict,
    moderation_reason text check (length(moderation_reason) between 1 and 500),
    deleted_at        timestamptz,
    constraint reviews_basis_whole check ((basis_type is null) = (basis_id is null)),
    constraint reviews_reply_at check ((reply is null) = (replied_at is null)),
    constraint reviews_hidden_reason check (status <> 'hidden' or (moderated_by is not null and moderation_reason is not null))
);
-- Once per what: the order or visit that it rests on, or the subject itself.
create unique index reviews_once_per_basis on reviews.reviews (basis_type, basis_id, author_id)
    where basis_id is not null and deleted_at is null;
create unique index reviews_once_per_subject on reviews.reviews (subject_type, subject_id, author_id)
    where basis_id is null and deleted_at is null;
create index reviews_visible on reviews.reviews (subject_type, subject_id, id) where status = 'visible' and deleted_at is null;
create index reviews_helpful on reviews.reviews (subject_type, subject_id, helpful_count, id)
    where status = 'visible' and deleted_at is null;
create index reviews_hidden on reviews.reviews (subject_type, subject_id, id) where status = 'hidden' and deleted_at is null;
create index reviews_author on reviews.reviews (author_id, id);
create index reviews_moderator on reviews.reviews (moderated_by) where moderated_by is not null;

create table reviews.votes (
    review_id  uuid not null references reviews.reviews on delete cascade,
    user_id    uuid not null references identity.users on delete cascade,
    created_at timestamptz not null,
    primary key (review_id, user_id)
);
create index votes_user on reviews.votes (user_id);

-- What the visible reviews of a subject come to; moved in the transaction of each of them.
create table reviews.summaries (
    subject_type text not null check (length(subject_type) between 1 and 40),
    subject_id   uuid not null,
    one          int not null default 0 check (one >= 0),
    two          int not null default 0 check (two >= 0),
    three        int not null default 0 check (three >= 0),
    four         int not null default 0 check (four >= 0),
    five         int not null default 0 check (five >= 0),
    primary key (subject_type, subject_id)
) with (fillfactor = 50);
