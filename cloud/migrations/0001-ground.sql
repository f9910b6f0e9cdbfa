-- 0001-ground.sql: stores, tills and what they send: the journal as received, and the sales made from it.
-- One database is one chain of stores. Money is *_minor bigint in the currency of the row's store.

create table cloud_identity (
  cloud_id text primary key,
  created_at timestamptz not null
);

create table store (
  store_id text primary key,
  -- The whole setting as the tills get it (core/store).
  data jsonb not null,
  updated_at timestamptz not null
);

create table till (
  till_id text primary key,
  store_id text not null references store,
  code text not null,
  public_key text,
  enrolled_at timestamptz,
  revoked_at timestamptz,
  -- The till's place in our copy of its journal: moved in the same transaction as the entries it counts.
  journal_id text,
  acked_seq bigint not null default 0,
  acked_hash text,
  last_seen_at timestamptz,
  last_sale_at timestamptz,
  unsent bigint,
  app_version text,
  unique (code)
);

create table enrolment_code (
  -- SHA-256 of the code: a read of this table enrols nobody.
  code_hash text primary key,
  till_id text not null references till,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table tier (
  tier_id text primary key,
  data jsonb not null,
  updated_at timestamptz not null
);

create table item (
  sku text primary key,
  data jsonb not null,
  updated_at timestamptz not null
);

create table member (
  member_id text primary key,
  card_no text not null unique,
  name text not null,
  phone text,
  tier_id text not null references tier,
  data jsonb not null,
  updated_at timestamptz not null
);
create index member_phone on member (phone);

-- The feed: the newest state of each thing that tills copy. A change gives the row a new, higher place; writers hold one
-- lock until they commit, so places appear in the order of commits and a cursor never skips a late one.
create sequence feed_pos;
create table feed_row (
  kind text not null,
  key text not null,
  -- '' is every store.
  store_id text not null default '',
  pos bigint not null unique,
  data jsonb,
  primary key (kind, key, store_id)
);

-- Journals as received, byte for byte: the chain can be verified again from here.
create table journal_entry (
  journal_id text not null,
  seq bigint not null,
  till_id text not null,
  kind text not null,
  hash text not null,
  text text not null,
  received_at timestamptz not null,
  primary key (journal_id, seq)
);

-- Entries that could not be used, set aside whole; the ones after them go on.
create table quarantine (
  quarantine_id bigint generated always as identity primary key,
  till_id text not null,
  journal_id text not null,
  seq bigint not null,
  reason text not null,
  text text not null,
  at timestamptz not null,
  unique (journal_id, seq, reason)
);

-- One row a sale, its lines and tenders as arrays beside each other: one heap row and few index entries a sale.
create table sale (
  store_id text not null,
  sale_id text not null,
  till_id text not null,
  journal_id text not null,
  seq bigint not null,
  kind text not null,
  receipt_no text not null,
  business_date date not null,
  at timestamptz not null,
  -- Hour of the store's own clock.
  local_hour int not null,
  cashier_id text not null,
  shift_id text not null,
  member_id text,
  currency text not null,
  rules_version text not null,
  tax_mode text not null,
  gross_minor bigint not null,
  adjustment_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  rounding_minor bigint not null,
  change_minor bigint not null,
  pieces bigint not null,
  line_no int[] not null,
  line_sku text[] not null,
  line_gtin text[] not null,
  line_name text[] not null,
  line_qty int[] not null,
  line_weight_g int[] not null,
  line_unit_price_minor bigint[] not null,
  line_gross_minor bigint[] not null,
  line_net_minor bigint[] not null,
  line_tax_rate_bp int[] not null,
  line_tax_minor bigint[] not null,
  -- Adjustments by line: an array of arrays.
  line_adjustments jsonb not null,
  taxes jsonb not null,
  tender_kind text[] not null,
  tender_amount_minor bigint[] not null,
  refund_of_sale_id text,
  refund_of_receipt_no text,
  -- What HQ found odd; the sale stands all the same.
  flags text[] not null,
  primary key (store_id, sale_id),
  unique (journal_id, seq)
);
create index sale_by_day on sale (store_id, business_date, at);
create index sale_by_time on sale (at desc, sale_id);
create index sale_by_member on sale (member_id, at) where member_id is not null;
create index sale_by_receipt on sale (receipt_no);
create unique index sale_by_id on sale (sale_id);
create index sale_by_original on sale (refund_of_sale_id) where refund_of_sale_id is not null;

create view sale_line as
  select s.store_id, s.sale_id, s.business_date, s.at, s.kind, s.member_id, s.currency, l.*
  from sale s
  cross join lateral unnest(
    s.line_no, s.line_sku, s.line_gtin, s.line_name, s.line_qty, s.line_weight_g, s.line_unit_price_minor,
    s.line_gross_minor, s.line_net_minor, s.line_tax_rate_bp, s.line_tax_minor
  ) as l(line_no, sku, gtin, name, qty, weight_g, unit_price_minor, gross_minor, net_minor, tax_rate_bp, tax_minor);

create view sale_tender as
  select s.store_id, s.sale_id, s.business_date, s.at, t.*
  from sale s
  cross join lateral unnest(s.tender_kind, s.tender_amount_minor) as t(kind, amount_minor);
