-- 0007-leases.sql: rights to spend as the journal tells them (projection, cursor 'sale_index'): a lost file neither loses nor
-- doubles one.
drop table right_grant;
create table right_grant (
  key text not null,
  lease_id text not null,
  epoch integer not null,
  granted integer not null check (granted >= 0),
  until_ms integer not null default 9007199254740991,
  purpose text not null default 'visit',
  -- Drawn by sales after it was granted, from the lease that ends first.
  spent integer not null default 0,
  -- Given back; null: the till may still spend of it.
  returned integer,
  primary key (key, lease_id)
) without rowid;
create index right_grant_open on right_grant (until_ms) where returned is null;

delete from right_spent;
delete from state where name = 'sale_index';
