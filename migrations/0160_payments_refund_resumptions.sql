-- Intent: a refund whose outcome the provider does not tell is asked for again, each time after twice as long, and some rounds
-- later staff are told. Small: a number beside each refund.
alter table payments.refunds add column resumptions int not null default 0 check (resumptions >= 0);
