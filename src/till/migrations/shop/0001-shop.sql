-- 0001-shop.sql: what the cloud can send again (goods, members, settings) and what the journal can rebuild (sale look-up,
-- print queue). Losing this file loses no sale.

create table store (
  store_id text primary key,
  data text not null
) without rowid;

create table tier (
  tier_id text primary key,
  data text not null
) without rowid;

create table item (
  sku text primary key,
  name text not null collate nocase,
  -- First letters of the name's pinyin, lower case.
  initials text not null,
  plu text,
  data text not null
) without rowid;
create index item_by_name on item (name);
create index item_by_initials on item (initials);
create index item_by_plu on item (plu) where plu is not null;

create table item_code (
  gtin text primary key,
  sku text not null
) without rowid;
create index item_code_by_sku on item_code (sku);

create table member (
  member_id text primary key,
  card_no text not null collate nocase,
  phone text,
  name text not null collate nocase,
  initials text not null,
  data text not null
) without rowid;
create index member_by_card on member (card_no);
create index member_by_phone on member (phone) where phone is not null;
create index member_by_name on member (name);
create index member_by_initials on member (initials);

-- One row each, by name: feed cursor, data age, acknowledged head, projection cursors, the screen's language.
create table state (
  name text primary key,
  value text not null
) without rowid;

-- Projection of the journal: finds a sale's entry. Cursor: state 'sale_index'.
create table sale_index (
  sale_id text primary key,
  receipt_no text not null,
  seq integer not null,
  refund_of_sale_id text
) without rowid;
create index sale_index_by_receipt on sale_index (receipt_no);
create index sale_index_by_seq on sale_index (seq);
create unique index sale_index_by_original on sale_index (refund_of_sale_id) where refund_of_sale_id is not null;

-- Projection of the journal: what is to be printed. Cursor: state 'spool'. States: queued, sending, sent, unknown.
create table print_job (
  job_id integer primary key,
  seq integer not null,
  copy integer not null,
  state text not null,
  queued_at_ms integer not null
);
create unique index print_job_original on print_job (seq) where copy = 0;
create index print_job_open on print_job (state) where state in ('queued', 'sending', 'unknown');
