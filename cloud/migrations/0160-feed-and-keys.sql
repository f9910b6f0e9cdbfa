-- 0160-feed-and-keys.sql: the feed forgets old tombstones, and the cloud's key can be changed.

alter table cloud_identity
  -- Tombstones up to this place are gone: a till whose cursor is before it takes the feed from the beginning.
  add column feed_compacted_to bigint not null default 0,
  -- Where the feed stood on which day, oldest first: [{"atMs", "pos"}].
  add column feed_days jsonb not null default '[]',
  -- Keys that this cloud signed with before, oldest first, each with its word on the next one: [{"key", "next", "sig", "atMs"}].
  add column former_keys jsonb not null default '[]';
