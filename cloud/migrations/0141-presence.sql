-- 0141-presence.sql: which tills are connected to which process of HQ. Each tells of its own every few seconds; a row that is old is of a
-- process that is gone.
create table cloud_process (
  process text primary key,
  tills text[] not null,
  seen_at timestamptz not null
);
