-- 0005-people.sql: staff and roles, wrong PINs, members by any part of their name, what is known of a member, and who was
-- enrolled here.
create table staff (
  staff_id text primary key,
  data text not null
) without rowid;

create table role (
  role_id text primary key,
  data text not null
) without rowid;

-- Wrong PINs in a row, counted before the PIN is looked at: pulling the plug gives no free try.
create table pin_try (
  staff_id text primary key,
  wrong integer not null,
  locked_at_ms integer not null
) without rowid;

-- Members again with a number of their own, which the name index needs, and with the phone backwards, so that its last
-- digits are a range of an index.
create table member_new (
  place integer primary key,
  member_id text not null,
  card_no text not null collate nocase,
  phone_back text,
  name text not null collate nocase,
  initials text not null,
  data text not null
);
insert into member_new (member_id, card_no, phone_back, name, initials, data)
  select member_id, card_no, null, name, initials, data from member;
drop table member;
alter table member_new rename to member;
create unique index member_by_id on member (member_id);
create index member_by_card on member (card_no);
create index member_by_phone on member (phone_back) where phone_back is not null;
create index member_by_name on member (name);
create index member_by_initials on member (initials);

-- Pairs of neighbouring signs of a name (`王芳`, `王f`, `w芳`) and its words. Filled from `member` by the till when state
-- 'member_index' is not of its version.
create virtual table member_name using fts5 (pairs, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');

create table member_stats (
  member_id text primary key,
  data text not null
) without rowid;

create table member_points (
  member_id text primary key,
  data text not null
) without rowid;

-- HQ knew the person already: the provisional id is another name of the member.
create table member_alias (
  provisional_id text primary key,
  member_id text not null
) without rowid;
create index member_alias_by_member on member_alias (member_id);

-- Projection of the journal: who was enrolled here. Cursor: state 'sale_index'.
create table enrolled (
  member_id text primary key,
  card_no text not null collate nocase,
  personal_id text not null,
  seq integer not null
) without rowid;
create index enrolled_by_card on enrolled (card_no);

-- Projection of the journal: this till's sales by member. Cursor: state 'sale_index'.
create table member_sale (
  member_id text not null,
  seq integer not null,
  at_ms integer not null,
  points integer not null,
  bought integer not null,
  primary key (member_id, seq)
) without rowid;

-- Projection of the journal: what must happen once and was told with an id of its own. Cursor: state 'sale_index'.
create table once (
  id text primary key,
  seq integer not null
) without rowid;

-- The new projections start over; what has been printed stays so (state 'spool').
delete from state where name = 'sale_index';
