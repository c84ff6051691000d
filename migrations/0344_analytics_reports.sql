-- Reports that staff have made: what was saved to be made again (hundreds), and each making with its file (some thousand a
-- month, kept 90 days).

create table analytics.saved_reports (
    id          uuid primary key,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    owner_id    uuid not null references identity.users on delete cascade,
    name        text not null check (length(name) between 1 and 100),
    kind        text not null check (length(kind) between 1 and 60),
    config      jsonb not null check (jsonb_typeof(config) = 'object'),
    format      text not null check (format in ('csv', 'xlsx', 'pdf')),
    frequency   text check (frequency in ('daily', 'weekly', 'monthly')),
    next_run_at timestamptz,
    constraint saved_reports_next check ((frequency is null) = (next_run_at is null))
);
create index saved_reports_owner on analytics.saved_reports (owner_id, id);
create index saved_reports_due on analytics.saved_reports (next_run_at) where next_run_at is not null;

create table analytics.report_runs (
    id              uuid primary key,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    saved_report_id uuid references analytics.saved_reports on delete set null,
    owner_id        uuid not null references identity.users on delete cascade,
    kind            text not null check (length(kind) between 1 and 60),
    from_on         date not null,
    to_on           date not null check (to_on >= from_on),
    format          text not null check (format in ('csv', 'xlsx', 'pdf')),
    status          text not null default 'queued' check (status in ('queued', 'done', 'failed')),
    row_count       int check (row_count >= 0),
    file_id         uuid references files.files on delete set null,
    error           text check (length(error) between 1 and 500),
    finished_at     timestamptz,
    constraint report_runs_finished check ((status = 'queued') = (finished_at is null)),
    constraint report_runs_failed check ((status = 'failed') = (error is not null))
);
create index report_runs_owner on analytics.report_runs (owner_id, id);
create index report_runs_report on analytics.report_runs (saved_report_id, id) where saved_report_id is not null;
create index report_runs_created on analytics.report_runs (created_at);
create index report_runs_file on analytics.report_runs (file_id) where file_id is not null;
