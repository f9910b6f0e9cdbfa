-- 0002-shift.sql: drawer sessions (projection of the journal, cursor 'sale_index'), the open basket and the parked ones.
create table shift (
  shift_id text primary key,
  z_no integer not null,
  opened_seq integer not null,
  closed_seq integer
) without rowid;
create index shift_by_z on shift (z_no);

-- What a crash must not take from the counter: one open basket, and those that wait.
create table open_basket (
  place integer primary key check (place = 1),
  data text not null
);

create table hold (
  hold_id text primary key,
  label text not null,
  at_ms integer not null,
  data text not null
) without rowid;
