-- 0060-member-cards.sql: further cards of members: a second one, or that of somebody who turned out to be the same person.
create table member_card (
  card_no text primary key collate nocase,
  member_id text not null
) without rowid;
create index member_card_by_member on member_card (member_id);
