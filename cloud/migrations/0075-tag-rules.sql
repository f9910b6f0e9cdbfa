-- 0075-tag-rules.sql: what sets tags by itself: an event (a click on a theme), or being in a saved segment.
-- Written by cloud/facts alone.

create table tag_rule (
  rule_id text primary key,
  name text not null unique,
  -- `{subject}` in it is what the event was about.
  tag text not null,
  -- { kind: 'event', kinds, subjects } or { kind: 'segment', segmentId, keep }.
  cause jsonb not null,
  is_active boolean not null,
  revision int not null,
  changed_by text not null,
  updated_at timestamptz not null
);
