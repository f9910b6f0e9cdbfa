-- 0073-events.sql: what people do on the web and in apps: of members, and of visitors whom nobody knows until they log in.
-- Written by cloud/facts alone.

alter table member_event
  -- The member it was of first: a merge moves the row and an un-merge knows where it came from.
  add column origin_id text,
  -- The browser or app it came from, where that is known.
  add column visitor_id text;
update member_event set origin_id = member_id;
alter table member_event alter column origin_id set not null;
-- The same event said again is known, whoever the visitor belongs to by now.
create unique index member_event_by_visitor on member_event (visitor_id, event_id) where visitor_id is not null;
create index member_event_by_time on member_event (member_id, at);

-- A browser or app by an id that the shop gave it; null: nobody has logged in there yet.
create table visitor (
  visitor_id text primary key,
  member_id text,
  seen_at timestamptz not null,
  joined_at timestamptz
);
create index visitor_by_member on visitor (member_id) where member_id is not null;
create index visitor_by_seen on visitor (seen_at) where member_id is null;

-- Events of visitors whom nobody knows; they become the member's at login.
create table visitor_event (
  visitor_id text not null,
  event_id text not null,
  kind text not null,
  subject text not null,
  at timestamptz not null,
  data jsonb not null,
  primary key (visitor_id, event_id)
);
