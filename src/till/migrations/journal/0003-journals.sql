-- 0003-journals.sql: journals of this till that followed one another, what was written on a disk that had gone back in time, and
-- the head that HQ has signed.

-- One row a journal: the entries after `base_seq` are its own. A till whose disk never went back has one, with base 0, and it
-- is in `identity` alone.
create table journal_part (
  journal_id text primary key,
  base_seq integer not null,
  base_hash text not null
) without rowid;

-- Entries that HQ could not take, since it holds others under their numbers. What they say is in the journal that follows; the
-- rows are kept as they were written. Only added.
create table journal_fork (
  journal_id text not null,
  seq integer not null,
  hash blob not null,
  text text not null,
  -- Its number in the journal that follows; null: what it says holds no more there (a lease of the old journal).
  restated_seq integer,
  primary key (journal_id, seq)
) without rowid;
