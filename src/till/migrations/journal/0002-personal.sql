-- 0002-personal.sql: who somebody is that joined here. The entry holds only `personal_id` and a commitment, so a row can be
-- erased and the chain stays whole. Rows are added with their entry, in one transaction, and only ever deleted.
create table personal (
  personal_id text primary key,
  -- 16 bytes, hex: without it nobody can try names against the commitment.
  salt text not null,
  -- Canonical JSON of the person's data.
  data text not null,
  initials text not null,
  created_at_ms integer not null
) without rowid;
