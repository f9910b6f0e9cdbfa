-- 0006-store-page.sql: days and closed shifts of the store's tills as HQ tells them.
create table till_day (
  till_day_id text primary key,
  data text not null
) without rowid;

create table z (
  z_id text primary key,
  data text not null
) without rowid;
