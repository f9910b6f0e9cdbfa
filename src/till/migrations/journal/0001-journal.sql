-- 0001-journal.sql: the till's append-only record and who the till is.
-- One row a document: the entry's canonical text is what is hashed, synced and read back. Rows are only added.
create table journal (
  seq integer primary key,
  hash blob not null,
  text text not null
);

create table identity (
  key text primary key,
  value text not null
) without rowid;
