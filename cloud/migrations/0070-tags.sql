-- 0070-tags.sql: tags with who set them and why; one table says what a member is tagged with, whatever set it.
-- Written by cloud/facts alone.

alter table member_tag
  -- The member it was set on first: a merge moves the row and an un-merge knows where it came from.
  add column origin_id text,
  add column set_by text not null default '',
  add column why text not null default '';
update member_tag set origin_id = member_id;
alter table member_tag alter column origin_id set not null;
-- The same tag by hand and by a rule are two rows: when the rule lets go, the other stays.
alter table member_tag drop constraint member_tag_pkey;
alter table member_tag add primary key (member_id, tag, source, origin_id);

-- Tags that profiles came with were asked for in their JSON, which took seconds over a million members.
insert into member_tag (member_id, tag, source, at, origin_id)
  select distinct m.member_id, t.tag, 'profile', m.updated_at, m.member_id
  from member m
  cross join lateral jsonb_array_elements_text(
    case jsonb_typeof(m.data->'tags') when 'array' then m.data->'tags' else '[]' end) as t(tag)
  where t.tag <> ''
  on conflict do nothing;

-- What was set and taken off, when, by whom and why. Rows are only added.
create table tag_change (
  member_id text not null,
  change_id text not null,
  origin_id text not null,
  tag text not null,
  source text not null,
  is_set boolean not null,
  set_by text not null,
  why text not null,
  at timestamptz not null,
  primary key (member_id, change_id)
);
create index tag_change_by_time on tag_change (member_id, at);
