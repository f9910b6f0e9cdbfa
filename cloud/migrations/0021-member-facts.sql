-- 0021-member-facts.sql: facts about members that segments ask for: tags, custom fields, consents, events, coupons, contacts.
-- Every table has the member first in its key; the second index of each is the way from a value to its members.

create table member_tag (
  member_id text not null,
  tag text not null,
  -- manual, or what set it: `rule:…`, `click:…`.
  source text not null,
  at timestamptz not null,
  primary key (member_id, tag)
);
create index member_tag_by_tag on member_tag (tag, member_id);

create table custom_field (
  field_id text primary key,
  name text not null,
  type text not null check (type in ('text', 'number', 'date', 'boolean', 'choice', 'choices')),
  -- Of choice and choices: what may stand in it.
  options text[] not null,
  created_at timestamptz not null,
  retired_at timestamptz
);
-- One value a row, in the column of its field's type; `choices` has a row for each (place 0, 1, …).
create table member_field (
  member_id text not null,
  field_id text not null references custom_field,
  place smallint not null default 0,
  text_value text,
  number_value numeric(20, 6),
  date_value date,
  boolean_value boolean,
  updated_at timestamptz not null,
  primary key (member_id, field_id, place)
);
create index member_field_by_text on member_field (field_id, text_value, member_id) where text_value is not null;
create index member_field_by_number on member_field (field_id, number_value, member_id) where number_value is not null;
create index member_field_by_date on member_field (field_id, date_value, member_id) where date_value is not null;
create index member_field_by_boolean on member_field (field_id, boolean_value, member_id) where boolean_value is not null;

-- The newest word of a member on a purpose and channel.
create table member_consent (
  member_id text not null,
  purpose text not null,
  channel text not null,
  granted boolean not null,
  text_version text not null,
  at timestamptz not null,
  primary key (member_id, purpose, channel)
);

create table member_event (
  member_id text not null,
  event_id text not null,
  -- browse, cart, click, visit, rating …
  kind text not null,
  -- What it was about: a SKU, a page, a theme.
  subject text not null,
  at timestamptz not null,
  data jsonb not null,
  primary key (member_id, event_id)
);
create index member_event_by_kind on member_event (kind, at, member_id);

create table member_coupon (
  member_id text not null,
  coupon_id text not null,
  template_id text not null,
  issued_at timestamptz not null,
  expires_at timestamptz,
  used_at timestamptz,
  primary key (member_id, coupon_id)
);
create index member_coupon_by_template on member_coupon (template_id, member_id);

create table campaign_contact (
  member_id text not null,
  contact_id text not null,
  campaign_id text not null,
  channel text not null,
  at timestamptz not null,
  -- sent, opened, clicked, responded, bounced
  outcome text not null,
  primary key (member_id, contact_id)
);
create index campaign_contact_by_campaign on campaign_contact (campaign_id, member_id);
