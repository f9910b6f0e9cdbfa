-- 0092-orders.sql: sales of other channels (web shop, ERP), first-class beside those of tills.

-- A channel in a store has a journal as a till has one, written by HQ: no key, no socket, no drawer.
alter table till add column channel text;
create unique index till_by_channel on till (store_id, channel) where channel is not null;

-- Which channel sold; null: a till.
alter table sale add column channel text;
create index sale_by_channel on sale (channel, at desc) where channel is not null;
create or replace view member_sale as
  select s.member_id, s.store_id, s.sale_id, case s.kind when 'exchange' then 'sale' else s.kind end as kind,
    s.business_date, s.at, s.currency, s.total_minor, s.pieces,
    s.line_sku, s.line_qty, s.line_net_minor, s.channel
  from sale s
  where s.member_id is not null;

-- What the other system calls the sale: said again, it is the same one.
create table sale_order (
  channel text not null,
  external_id text not null,
  store_id text not null,
  sale_id text not null,
  -- SHA-256 of what was said.
  fingerprint text not null,
  refund_of text,
  status text not null,
  placed_at timestamptz not null,
  primary key (channel, external_id)
);
create unique index sale_order_by_sale on sale_order (sale_id);
create index sale_order_refunds on sale_order (channel, refund_of) where refund_of is not null;

-- What became of it: only added.
create table sale_order_status (
  channel text not null,
  external_id text not null,
  status_no int not null,
  status text not null,
  note text not null,
  at timestamptz not null,
  primary key (channel, external_id, status_no),
  foreign key (channel, external_id) references sale_order
);
