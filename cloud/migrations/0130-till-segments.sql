-- 0130-till-segments.sql: which members of which segments the tills were told of, so that only what changed is told again.
create table till_segment (
  member_id text primary key,
  -- Of the segments that the published rules ask for, sorted.
  segment_ids text[] not null
);
