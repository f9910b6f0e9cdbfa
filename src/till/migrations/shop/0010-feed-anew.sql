-- 0010-feed-anew.sql: what a feed has brought that is taken from the beginning (HQ was put back to an older state). At its end
-- all else that came by the feed is gone.
create table feed_seen (
  kind text not null,
  key text not null,
  primary key (kind, key)
) without rowid;
