-- 0072-audience-row.sql: one narrow row a member with what segments ask of everybody: profile facts beside the purchases.
-- A count over a million members then reads one table once, and joins nothing. Written by cloud/segments/audience-row alone.

create table audience_row (
  member_id text primary key,
  tier_id text not null,
  gender text,
  residence text,
  birthday text,
  -- Of member_purchase in the currency that the chain sells in; null for who never bought.
  visits int,
  tickets int,
  refunds int,
  net_minor bigint,
  pieces bigint,
  first_on date,
  last_on date,
  home_store_id text
) with (fillfactor = 85);

-- Members whose row is not right any more; '' is all of them. No index: it is filled by every sale and emptied by a count.
create table audience_stale (member_id text not null);
insert into audience_stale values ('');

create function audience_goes_stale() returns trigger language plpgsql as $$
begin
  insert into audience_stale select member_id from changed;
  return null;
end $$;
create function audience_all_stale() returns trigger language plpgsql as $$
begin
  insert into audience_stale values ('');
  return null;
end $$;

-- Triggers, so that no way to change a member or a purchase can forget it.
create trigger audience_insert after insert on member
  referencing new table as changed for each statement execute function audience_goes_stale();
create trigger audience_update after update on member
  referencing new table as changed for each statement execute function audience_goes_stale();
create trigger audience_delete after delete on member
  referencing old table as changed for each statement execute function audience_goes_stale();
create trigger audience_truncate after truncate on member
  for each statement execute function audience_all_stale();
create trigger audience_insert after insert on member_purchase
  referencing new table as changed for each statement execute function audience_goes_stale();
create trigger audience_update after update on member_purchase
  referencing new table as changed for each statement execute function audience_goes_stale();
create trigger audience_delete after delete on member_purchase
  referencing old table as changed for each statement execute function audience_goes_stale();
create trigger audience_truncate after truncate on member_purchase
  for each statement execute function audience_all_stale();
