-- 0030-member-segments.sql: the segments of members that published rules ask for, as HQ counted them.
create table member_segments (
  member_id text primary key,
  data text not null
) without rowid;
