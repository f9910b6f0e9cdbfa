-- 0003-books.sql: what HQ makes of journals after they are on its disk: shifts closed, points, returns, days, alerts; and the
-- people and programmes that it sends to the tills.

-- What a sale is in full beside its figures.
alter table sale
  -- A line's `back` where goods came back, else null; null: no line has one.
  add column line_back jsonb,
  -- Tenders with what they carry (approval, last four, reference, points); kinds and amounts stand beside.
  add column tenders jsonb,
  -- Points by programme and line; null: none.
  add column points jsonb,
  -- What the kernel was given beside lines and rules.
  add column priced jsonb;

-- How far the books of a journal are: moved in the transaction that writes what follows from its entries.
create table books_cursor (
  journal_id text primary key,
  till_id text not null,
  head_seq bigint not null,
  through_seq bigint not null
);
create index books_behind on books_cursor (journal_id) where through_seq < head_seq;
insert into books_cursor (journal_id, till_id, head_seq, through_seq)
  select journal_id, min(till_id), max(seq), 0 from journal_entry group by journal_id;

-- Closed shifts as HQ works them out from the entries, beside what the till said.
create table shift_z (
  store_id text not null,
  till_id text not null,
  shift_id text not null,
  journal_id text not null,
  seq bigint not null,
  z_no bigint not null,
  business_date date not null,
  opened_at timestamptz not null,
  closed_at timestamptz not null,
  cashier_id text not null,
  counted_minor bigint not null,
  expected_minor bigint not null,
  total_minor bigint not null,
  totals jsonb not null,
  -- Fields in which the till's own Z says otherwise; none, as it should be.
  differs text[] not null,
  primary key (store_id, till_id, shift_id)
);
create index shift_z_by_day on shift_z (store_id, business_date);

-- Units that came back, one row a returned line.
create table return_line (
  store_id text not null,
  sale_id text not null,
  line_no int not null,
  original_sale_id text not null,
  original_line_no int not null,
  qty int not null,
  net_minor bigint not null,
  primary key (store_id, sale_id, line_no)
);
create index return_line_by_original on return_line (original_sale_id, original_line_no);

-- What HQ must look at; the sale stands all the same.
create table sale_alert (
  store_id text not null,
  sale_id text not null,
  kind text not null,
  detail jsonb not null,
  at timestamptz not null,
  primary key (store_id, sale_id, kind)
);
create index sale_alert_by_time on sale_alert (at desc);

-- Points as they moved; a balance is their sum. Never changed, never deleted.
create table points_entry (
  member_id text not null,
  entry_id text not null,
  kind text not null,
  points bigint not null,
  store_id text not null,
  sale_id text,
  at timestamptz not null,
  primary key (member_id, entry_id)
);

create table programme (
  version text primary key,
  data jsonb not null,
  published_at timestamptz not null
);

create table role (
  role_id text primary key,
  data jsonb not null,
  updated_at timestamptz not null
);

create table staff (
  staff_id text primary key,
  -- '' works in every store.
  store_id text not null,
  -- As the tills get it: name, role, PIN hash.
  data jsonb not null,
  updated_at timestamptz not null
);

-- One till's business day as other tills of its store are told.
create table till_day (
  store_id text not null,
  till_id text not null,
  business_date date not null,
  data jsonb not null,
  primary key (store_id, till_id, business_date)
);

-- Personal data that entries refer to by id and commitment; erased here, the chain stays whole.
create table personal (
  personal_id text primary key,
  till_id text not null,
  salt text not null,
  data text not null,
  received_at timestamptz not null
);

create table member_alias (
  alias_id text primary key,
  member_id text not null references member,
  at timestamptz not null
);

-- Tills check each other's receipts by these.
insert into feed_row (kind, key, store_id, pos, data)
  select 'till_key', code, '', nextval('feed_pos'), jsonb_build_object('publicKey', public_key, 'storeId', store_id)
  from till where public_key is not null;
