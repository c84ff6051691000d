-- Polls of a condo or of one entrance, and the ballots cast. Tens of polls a condo and year, a ballot per person or unit.
-- One ballot per voter is the unique key's business; counters move in the transaction of the ballot, under the poll's lock.

create table condo.polls (
  id uuid primary key,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  condo_id uuid not null references condo.condos on delete restrict,
  entrance_id uuid references condo.entrances on delete restrict,
  created_by uuid not null references identity.users on delete restrict,
  title text not null check (length(title) between 1 and 255),
  description text check (length(description) <= 5000),
  poll_type text not null default 'simple' check (poll_type in ('simple', 'meeting', 'budget')),
  status text not null check (status in ('draft', 'active', 'closed', 'cancelled')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  requires_quorum boolean not null default false,
  quorum_percent numeric(5,2) not null default 0 check (quorum_percent between 0 and 100),
  allow_multiple_choices boolean not null default false,
  allow_abstain boolean not null default true,
  is_anonymous boolean not null default false,
  allow_vote_change boolean not null default false,
  allow_custom_option boolean not null default false,
  results_visibility text not null default 'always' check (results_visibility in ('always', 'after_close')),
  total_eligible_voters int check (total_eligible_voters >= 0),
  total_votes int not null default 0 check (total_votes >= 0),
  abstain_votes int not null default 0 check (abstain_votes between 0 and total_votes),
  started_at timestamptz,
  closed_at timestamptz,
  cancelled_at timestamptz,
  check (ends_at > starts_at),
  check ((closed_at is not null) = (status = 'closed')),
  check ((cancelled_at is not null) = (status = 'cancelled')),
  check ((total_eligible_voters is null) = (started_at is null))
);
create index polls_of_condo on condo.polls (condo_id, status, created_at desc);
create index polls_newest on condo.polls (created_at desc, id desc) where deleted_at is null;
create index polls_ending on condo.polls (ends_at) where status = 'active';
create index polls_starting on condo.polls (starts_at) where status = 'active' and started_at is null;
create index polls_of_entrance on condo.polls (entrance_id);
create index polls_by on condo.polls (created_by);

create table condo.poll_options (
  id uuid primary key,
  poll_id uuid not null references condo.polls on delete cascade,
  text text not null check (length(text) between 1 and 255),
  display_order int not null,
  vote_count int not null default 0 check (vote_count >= 0),
  is_custom boolean not null default false,
  unique (id, poll_id)
);
create unique index poll_options_text on condo.poll_options (poll_id, lower(text));

create table condo.poll_votes (
  id uuid primary key,
  poll_id uuid not null references condo.polls on delete cascade,
  user_id uuid not null references identity.users on delete restrict,
  unit_id uuid not null references condo.units on delete restrict,
  -- The person where each has a voice, the unit where each unit has one.
  voter_key uuid not null,
  is_abstain boolean not null default false,
  voted_at timestamptz not null,
  constraint poll_votes_once unique (poll_id, voter_key),
  unique (id, poll_id)
);
create index poll_votes_of_user on condo.poll_votes (user_id);
create index poll_votes_of_unit on condo.poll_votes (unit_id);

create table condo.poll_vote_choices (
  vote_id uuid not null,
  option_id uuid not null,
  poll_id uuid not null,
  primary key (vote_id, option_id),
  foreign key (vote_id, poll_id) references condo.poll_votes (id, poll_id) on delete cascade,
  foreign key (option_id, poll_id) references condo.poll_options (id, poll_id) on delete cascade
);
create index poll_vote_choices_of_option on condo.poll_vote_choices (option_id);
