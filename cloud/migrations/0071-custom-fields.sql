-- 0071-custom-fields.sql: custom fields as people define them: money, limits, sensitive ones, who changed them and a revision
-- that an editor names. Written by cloud/facts alone.

alter table custom_field drop constraint custom_field_type_check;
alter table custom_field
  add constraint custom_field_type_check
    check (type in ('text', 'number', 'money', 'date', 'boolean', 'choice', 'choices')),
  -- { min, max, decimals, lengthMax, currency }: what a value must keep to (src/core/custom-field).
  add column limits jsonb not null default '{}',
  -- Names in other languages by locale.
  add column names jsonb not null default '{}',
  add column revision int not null default 1,
  add column updated_at timestamptz,
  add column updated_by text not null default '';
update custom_field set updated_at = created_at;
alter table custom_field alter column updated_at set not null;

alter table member_field
  -- The member it was written for first: a merge moves the row and an un-merge knows where it came from.
  add column origin_id text,
  add column updated_by text not null default '';
update member_field set origin_id = member_id;
alter table member_field alter column origin_id set not null;
