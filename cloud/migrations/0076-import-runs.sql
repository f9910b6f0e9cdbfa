-- 0076-import-runs.sql: imports of members as they went. Files are not kept, and faults name rows and columns, never values.
-- Written by cloud/imports alone.

create table import_run (
  run_id text primary key,
  state text not null check (state in ('running', 'done', 'failed')),
  is_dry_run boolean not null,
  file_name text not null,
  total bigint not null,
  rows_done bigint not null default 0,
  added bigint not null default 0,
  changed bigint not null default 0,
  unchanged bigint not null default 0,
  refused bigint not null default 0,
  -- [{ row, column, kind, message }]
  faults jsonb not null default '[]',
  started_by text not null,
  started_at timestamptz not null,
  -- Of the process at work: a run that fell silent was stopped.
  alive_at timestamptz not null,
  ended_at timestamptz
);
create index import_run_by_time on import_run (started_at desc);
