-- 0062-identity.sql: one person of two members, and back. Written by cloud/identity alone (aliases too).
--
-- Merges are a forest: each member that was merged away has one edge to the one it went into. What belongs to whom is a
-- function of two things alone: the id that a thing was first of, and the edges there are now.

create table member_merge (
  -- Who was merged away; un-merging deletes the row.
  member_id text primary key,
  parent_id text not null,
  at timestamptz not null,
  author text,
  reason text not null,
  tier_id text,
  revision int not null,
  -- The profile as it was on its own, sealed under the key of member_id; null: erased, or from before this table.
  own_sealed text
);
create index member_merge_by_parent on member_merge (parent_id);
insert into member_merge (member_id, parent_id, at, reason, revision)
  select alias_id, member_id, at, 'joined at a till with the phone of a member', 0 from member_alias;

-- Every merge and un-merge, for good.
create table member_merge_log (
  member_id text not null,
  at timestamptz not null,
  kind text not null check (kind in ('merge', 'unmerge')),
  into_id text not null,
  author text,
  reason text not null,
  primary key (member_id, at, kind)
);

-- Rows that lie with a survivor and were first another member's: `row_key` is the rest of the row's key as a JSON list.
-- (Ledgers, tags and custom fields know it themselves.)
create table member_moved (
  first_member_id text not null,
  table_name text not null,
  row_key text not null,
  primary key (first_member_id, table_name, row_key)
);

-- Pairs that somebody looked at and that are two people.
create table member_distinct (
  one_id text not null,
  other_id text not null,
  at timestamptz not null,
  author text,
  primary key (one_id, other_id)
);

-- An alias outlives its member: receipts of somebody who was erased stay one person's.
alter table member_alias drop constraint member_alias_member_id_fkey;
create index member_alias_by_member on member_alias (member_id);

-- When people are forgotten by themselves (cloud/identity/retention).
create table retention_rule (
  rule_id text primary key,
  data jsonb not null,
  updated_at timestamptz not null
);
