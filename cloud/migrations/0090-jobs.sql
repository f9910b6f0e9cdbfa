-- 0090-jobs.sql: what HQ does by itself: when each job is due, who runs it, and what its runs did.

-- One row a job. Its row lock and its lease make one runner of it, however many processes there are.
create table job (
  name text primary key,
  -- Of jobs that begin a day: the newest day that is done.
  through_on date,
  next_at timestamptz not null,
  -- Somebody wants it now.
  is_asked boolean not null default false,
  -- Runs that failed since the last good one.
  failures int not null default 0,
  run_no bigint not null default 0,
  -- The process that runs it, and until when it may be silent.
  holder text,
  leased_until timestamptz
);

create table job_run (
  name text not null references job,
  run_no bigint not null,
  -- The day that it began, where it begins one.
  on_date date,
  asked boolean not null,
  holder text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  -- lost: its process went away in the middle; what it had done stands, the next run does the rest.
  outcome text not null check (outcome in ('running', 'done', 'failed', 'lost')),
  counts jsonb not null,
  error text,
  primary key (name, run_no)
);
create index job_run_by_time on job_run (started_at);

-- A code whose time is over without a use: no till is told of it any more.
alter table member_coupon add column lapsed_at timestamptz;
create index member_coupon_open on member_coupon (valid_to, coupon_id)
  where used_at is null and cancelled_at is null and lapsed_at is null;
