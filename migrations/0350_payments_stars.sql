-- Intent: payments in Stars of Telegram. Telegram keeps no order that one could ask for, only a list of what has moved, oldest
-- first: so what an invoice asks for stands here, beside what has been read of each bot's list, and how far. A row per order, and
-- one or two per payment, kept as long as these.
create table payments.star_orders (
    attempt_id  uuid primary key references payments.attempts on delete cascade,
    bot         text not null check (length(bot) between 1 and 30),
    -- Telegram's number of it: another bot may get its name.
    bot_id      bigint not null check (bot_id > 0),
    payload     text not null constraint star_orders_payload_unique unique check (length(payload) between 1 and 128),
    stars       int not null check (stars > 0),
    created_at  timestamptz not null default now(),
    -- Who was told last that he may pay, and when: of two at once one is.
    promised_to text check (length(promised_to) between 1 and 64),
    promised_at timestamptz,
    -- Telegram has told that it is paid; its list says so, too, or will.
    told_at     timestamptz,
    constraint star_orders_promise check ((promised_to is null) = (promised_at is null))
);

create table payments.star_movements (
    bot_id    bigint not null check (bot_id > 0),
    -- A refund bears the id of what it gives back.
    charge_id text not null check (length(charge_id) between 1 and 255),
    kind      text not null check (kind in ('payment', 'refund')),
    user_id   bigint not null,
    payload   text check (length(payload) <= 128),
    stars     int not null check (stars >= 0),
    at        timestamptz not null,
    primary key (bot_id, charge_id, kind)
);
create index star_movements_payload on payments.star_movements (payload, at) where kind = 'payment' and payload is not null;
create index star_movements_at on payments.star_movements (at, charge_id) where kind = 'payment';

-- How many entries of its list have been read of a bot.
create table payments.star_lists (
    bot_id bigint primary key check (bot_id > 0),
    length bigint not null check (length >= 0)
) with (fillfactor = 50);
