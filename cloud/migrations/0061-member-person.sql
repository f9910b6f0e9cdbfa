-- 0061-member-person.sql: who members are, apart from what is counted of them. `member` keeps what segments ask for and
-- what names nobody (birthday, gender, region, needs, home store, tags); names, cards, phones, mails and addresses are
-- sealed in `member_person` and found by blind indexes.

create table member_person (
  member_id text primary key references member on delete cascade,
  -- Goes up with each change of the profile: an editor names the one it read.
  revision int not null,
  -- AES-256-GCM under the member's key: JSON of the sealed fields (cloud/members/profile).
  sealed text not null,
  -- By field when and by whom it was said last: [ms, n, rank].
  stamps jsonb not null,
  -- Parts of the name as buckets of few bits: each holds many names, so a row fits several questions and tells none.
  name_terms int[] not null
);
create index member_person_by_name on member_person using gin (name_terms);

-- The ways to a member: card, phone, mail, and name with birthday for candidates of one person twice.
create table member_lookup (
  kind text not null check (kind in ('card', 'phone', 'mail', 'name_birthday')),
  blind text not null,
  member_id text not null references member on delete cascade,
  primary key (kind, blind, member_id)
);
create index member_lookup_by_member on member_lookup (member_id);
-- A card is one person's.
create unique index member_lookup_card on member_lookup (blind) where kind = 'card';

-- What was in clear until now: HQ seals it when it starts, and empties this table.
create table member_unsealed as select member_id, card_no, name, phone, data from member;
alter table member drop column card_no, drop column name, drop column phone;
update member set data = jsonb_strip_nulls(jsonb_build_object(
  'birthday', data->'birthday', 'gender', data->'gender', 'residence', data->'residence',
  'preferredPayment', data->'preferredPayment', 'needs', data->'needs', 'purchaseMotive', data->'purchaseMotive',
  'homeStoreId', data->'homeStoreId', 'householdId', data->'householdId', 'tags', data->'tags'));
-- Published again, sealed, by the same start.
delete from feed_row where kind = 'member';

-- Every word of a member on a purpose and channel, as it was said: only added. `member_consent` is what follows.
create table consent_entry (
  member_id text not null,
  entry_id text not null,
  purpose text not null,
  channel text not null,
  granted boolean not null,
  text_version text not null,
  at timestamptz not null,
  -- till, hq, web, import …
  source text not null,
  primary key (member_id, entry_id)
);
insert into consent_entry (member_id, entry_id, purpose, channel, granted, text_version, at, source)
  select member_id, 'first:' || purpose || ':' || channel, purpose, channel, granted, text_version, at, 'import' from member_consent;

-- Phones and mails of people who were erased, blind: a number that comes in again is known, and nobody can be read from it.
create table suppression (
  kind text not null check (kind in ('phone', 'mail')),
  blind text not null,
  reason text not null,
  at timestamptz not null,
  primary key (kind, blind)
);

-- Who was erased: the id that sales still bear, and what went. No name, no number.
create table member_erasure (
  member_id text primary key,
  -- The person's id at that time; its own or, of one that was merged, the survivor's.
  person_id text not null,
  at timestamptz not null,
  reason text not null,
  author text,
  -- How many rows of what went.
  counts jsonb not null
);
