-- 0020-segments.sql: what members' purchases add up to, kept with each sale; the thresholds and strategies of the grid; segments.

-- The sales of members, as every figure about members reads them: who a sale belongs to is decided here and nowhere else.
create view member_sale as
  -- An exchange brings goods as a sale does.
  select s.member_id, s.store_id, s.sale_id, case s.kind when 'exchange' then 'sale' else s.kind end as kind,
    s.business_date, s.at, s.currency, s.total_minor, s.pieces,
    s.line_sku, s.line_qty, s.line_net_minor
  from sale s
  where s.member_id is not null;

-- Sales come in about the order of their days: a few bytes for every hundred pages find the pages of a month.
create index sale_by_date on sale using brin (business_date) with (pages_per_range = 64, autosummarize = on);

-- One row a member and currency. Written by cloud/segments/rollup alone; equal to what member_sale adds up to.
create table member_purchase (
  member_id text not null,
  currency text not null,
  -- Business dates with a sale. -1 only inside a transaction: to be counted by its next statement.
  visits int not null,
  tickets int not null,
  refunds int not null,
  -- Sales less refunds, and the refunds alone (zero or negative).
  net_minor bigint not null,
  refund_minor bigint not null,
  pieces bigint not null,
  -- Dates of sales; null while there are only refunds.
  first_on date,
  last_on date,
  -- Newest business date of anything, refunds too: up to this day the row says nothing about the past.
  changed_on date not null,
  -- Store of the first sale (of that day the smallest id): the member's home in reports that are split by store.
  home_store_id text,
  primary key (member_id, currency)
) with (fillfactor = 85);

-- The same within one store.
create table member_store_purchase (
  member_id text not null,
  store_id text not null,
  currency text not null,
  visits int not null,
  tickets int not null,
  refunds int not null,
  net_minor bigint not null,
  refund_minor bigint not null,
  pieces bigint not null,
  first_on date,
  last_on date,
  changed_on date not null,
  primary key (member_id, store_id, currency)
) with (fillfactor = 85);
create index member_store_purchase_by_store on member_store_purchase (store_id, member_id);

insert into member_purchase
  select member_id, currency, count(distinct business_date) filter (where kind = 'sale'),
    count(*) filter (where kind = 'sale'), count(*) filter (where kind = 'refund'), sum(total_minor)::bigint,
    coalesce(sum(total_minor) filter (where kind = 'refund'), 0)::bigint, sum(pieces)::bigint,
    min(business_date) filter (where kind = 'sale'), max(business_date) filter (where kind = 'sale'),
    max(business_date), (array_agg(store_id order by business_date, store_id collate "C") filter (where kind = 'sale'))[1]
  from member_sale group by member_id, currency;
insert into member_store_purchase
  select member_id, store_id, currency, count(distinct business_date) filter (where kind = 'sale'),
    count(*) filter (where kind = 'sale'), count(*) filter (where kind = 'refund'), sum(total_minor)::bigint,
    coalesce(sum(total_minor) filter (where kind = 'refund'), 0)::bigint, sum(pieces)::bigint,
    min(business_date) filter (where kind = 'sale'), max(business_date) filter (where kind = 'sale'),
    max(business_date)
  from member_sale group by member_id, store_id, currency;

-- Settings of the figures, by name: `rfm_thresholds`.
create table segment_setting (
  name text primary key,
  data jsonb not null,
  updated_at timestamptz not null
);

-- What is done for the members of a cell.
create table cell_strategy (
  recency text not null check (recency in ('active', 'silent', 'sleeping', 'lost')),
  frequency text not null check (frequency in ('new', 'second', 'old', 'fan')),
  -- { contactEveryDays, channel, offer: { kind, strengthBp, text } }
  data jsonb not null,
  updated_at timestamptz not null,
  primary key (recency, frequency)
);

create table segment (
  segment_id text primary key,
  name text not null unique,
  note text not null,
  -- dynamic: counted from its rule each time; frozen: the members it had when it was frozen.
  kind text not null check (kind in ('dynamic', 'frozen')),
  rule jsonb not null,
  -- Goes up with each change: an editor names the one it read.
  revision int not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create table segment_member (
  segment_id text not null references segment on delete cascade,
  member_id text not null,
  primary key (segment_id, member_id)
);
create index segment_member_by_member on segment_member (member_id, segment_id);
create table segment_size (
  segment_id text not null references segment on delete cascade,
  on_date date not null,
  members bigint not null,
  counted_at timestamptz not null,
  primary key (segment_id, on_date)
);

-- People counted at the door, for conversion.
create table store_traffic (
  store_id text not null references store,
  business_date date not null,
  visitors bigint not null check (visitors >= 0),
  primary key (store_id, business_date)
);

-- What a member cost: marketing and service. Rows are only added; the id makes a repeated one harmless.
create table member_cost (
  member_id text not null,
  cost_id text not null,
  kind text not null check (kind in ('marketing', 'service')),
  currency text not null,
  amount_minor bigint not null,
  on_date date not null,
  note text not null,
  primary key (member_id, cost_id)
);

-- The customers that are wanted: shares in basis points that add up to 10000 within a store ('' is the chain) and dimension.
create table structure_target (
  store_id text not null,
  dimension text not null,
  part text not null,
  share_bp int not null check (share_bp between 0 and 10000),
  primary key (store_id, dimension, part)
);
