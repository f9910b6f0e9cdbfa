-- 0074-interactions.sql: every word between a member and the shop: calls, mails, chats, visits, service records, notes.
-- Written by cloud/facts alone.

create table interaction (
  member_id text not null,
  interaction_id text not null,
  -- The member it was with first: a merge moves the row and an un-merge knows where it came from.
  origin_id text not null,
  kind text not null check (kind in ('call', 'mail', 'chat', 'visit', 'service', 'note')),
  -- in: the member came to the shop; out: the shop went to the member.
  direction text not null check (direction in ('in', 'out')),
  store_id text,
  -- Who spoke for the shop.
  author text not null,
  subject text not null,
  text text not null,
  -- open, done … as the shop calls it.
  outcome text not null,
  at timestamptz not null,
  primary key (member_id, interaction_id)
);
create index interaction_by_time on interaction (member_id, at);
