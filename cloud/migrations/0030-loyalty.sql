-- 0030-loyalty.sql: ledgers in lots for points, stored value and gift cards; tiers by rule; coupons; referral, draws, benefits.

-- One ledger a holder and purse. purse: points and value are a member's, gift_card is a card's own.
-- A row is kept in the transaction that adds its entries; it equals what core/ledger folds from them.
create table ledger_account (
  holder_id text not null,
  purse text not null check (purse in ('points', 'value', 'gift_card')),
  -- Of money; null for points.
  currency text,
  balance bigint not null,
  -- What is left in bonus lots: a part of the balance.
  bonus_balance bigint not null,
  owed bigint not null,
  -- Lots whose last good day is before it are gone.
  expired_to date,
  next_expiry_on date,
  -- Lots do not follow from the entries yet: rows that a migration brought.
  is_stale boolean not null default false,
  updated_at timestamptz not null,
  primary key (holder_id, purse)
);
create index ledger_account_by_expiry on ledger_account (next_expiry_on, holder_id) where next_expiry_on is not null;
create index ledger_account_stale on ledger_account (holder_id) where is_stale;

-- Only added; a member that turns out to be another one takes the rows along (first_holder_id says whose they were).
-- Kinds expire, forgive and unfounded follow from the others: their sums by of_id are what the fold says.
create table ledger_entry (
  holder_id text not null,
  purse text not null,
  entry_id text not null,
  kind text not null,
  -- Points or minor units, signed as the balance moves.
  points bigint not null check (points <> 0),
  of_id text,
  expires_on date,
  bonus bigint not null default 0,
  may_owe boolean not null default true,
  on_date date not null,
  at timestamptz not null,
  store_id text,
  sale_id text,
  first_holder_id text not null,
  reason text,
  author text,
  booked_at timestamptz not null,
  primary key (holder_id, purse, entry_id)
);
create unique index ledger_entry_by_id on ledger_entry (purse, entry_id);

create table ledger_lot (
  holder_id text not null,
  purse text not null,
  lot_id text not null,
  root_id text not null,
  is_bonus boolean not null,
  points bigint not null,
  left_points bigint not null check (left_points >= 0),
  expired_points bigint not null check (expired_points >= 0),
  expires_on date,
  primary key (holder_id, purse, lot_id)
);

-- Which lots a spend took.
create table ledger_use (
  holder_id text not null,
  purse text not null,
  entry_id text not null,
  lot_id text not null,
  points bigint not null check (points > 0),
  primary key (holder_id, purse, entry_id, lot_id)
);

insert into ledger_entry (holder_id, purse, entry_id, kind, points, of_id, on_date, at, store_id, sale_id, first_holder_id, booked_at)
  select p.member_id, 'points',
    case p.kind when 'take_back' then p.sale_id || ':back:' || coalesce(s.refund_of_sale_id, '')
      when 'give_back' then p.sale_id || ':give:' || coalesce(s.refund_of_sale_id, '') else p.entry_id end,
    -- Without the sale that it was spent in nothing could be founded on it.
    case when p.kind = 'give_back' and s.refund_of_sale_id is null then 'grant' else p.kind end,
    p.points,
    case p.kind when 'take_back' then s.refund_of_sale_id || ':earn' when 'give_back' then s.refund_of_sale_id || ':spend' end,
    coalesce(s.business_date, (p.at at time zone 'UTC')::date), p.at, p.store_id, p.sale_id, p.member_id, p.at
  from points_entry p left join sale s on s.sale_id = p.sale_id
  where p.points <> 0;
insert into ledger_account (holder_id, purse, balance, bonus_balance, owed, is_stale, updated_at)
  select holder_id, purse, sum(points)::bigint, 0, 0, true, max(at) from ledger_entry group by holder_id, purse;
drop table points_entry;
create view points_entry as
  select holder_id as member_id, entry_id, kind, points, store_id, sale_id, at from ledger_entry where purse = 'points';

-- What a writer asked for under a key of its own: asked again, it gets the same answer and nothing happens twice.
create table loyalty_request (
  request_key text primary key,
  fingerprint text not null,
  answer jsonb not null,
  at timestamptz not null
);

-- Values of policy, each version for good: stored_value (core/stored-value).
create table loyalty_policy (
  name text not null,
  version text not null,
  data jsonb not null,
  published_at timestamptz not null,
  primary key (name, version)
);

-- ---- tiers ----

-- Versions hold from a date on (core/tier-rule).
create table tier_rule (
  version text primary key,
  from_on date not null unique,
  data jsonb not null,
  published_at timestamptz not null
);

-- Growth that no sale brought, and tiers that were given by hand: facts like sales. Only added.
create table growth_entry (
  member_id text not null,
  entry_id text not null,
  kind text not null check (kind in ('growth', 'tier')),
  growth bigint not null,
  tier_id text,
  on_date date not null,
  reason text not null,
  author text,
  at timestamptz not null,
  primary key (member_id, entry_id)
);

-- What a review made of the facts.
create table tier_state (
  member_id text primary key,
  tier_id text not null,
  since_on date not null,
  through_on date,
  growth bigint not null,
  rule_version text not null,
  reviewed_on date not null,
  -- The first day on which the tier may change without a new fact.
  next_review_on date
);
create index tier_state_due on tier_state (next_review_on, member_id) where next_review_on is not null;

-- ---- coupons ----

create table coupon_template (
  template_id text primary key,
  data jsonb not null,
  issued bigint not null default 0,
  created_at timestamptz not null,
  ended_at timestamptz
);

-- A code is a row; '' holds codes of nobody in particular.
alter table member_coupon
  -- Business dates, both included.
  add column valid_from date,
  add column valid_to date,
  -- `pack:SALE:LINE`, `issue:ID`, `benefit:ID`, `draw:ID`.
  add column source text,
  add column used_sale_id text,
  add column cancelled_at timestamptz;
create unique index member_coupon_by_code on member_coupon (coupon_id);
create index member_coupon_by_source on member_coupon (source) where source is not null;

-- Every sale that a code took something off; the first by time is the right one.
create table coupon_use (
  coupon_id text not null,
  sale_id text not null,
  store_id text not null,
  member_id text,
  at timestamptz not null,
  on_date date not null,
  off_minor bigint not null,
  -- The whole sale came back: the code is free again.
  returned boolean not null default false,
  primary key (coupon_id, sale_id)
);
create index coupon_use_by_sale on coupon_use (sale_id);

-- Articles that issue coupons to their buyer.
create table coupon_pack (
  sku text primary key,
  data jsonb not null,
  updated_at timestamptz not null
);

-- ---- gift cards ----

create table gift_card (
  gift_card_id text primary key,
  -- SHA-256 of the code: a read of this table spends nothing.
  code_hash text not null unique,
  code_tail text not null,
  currency text not null,
  named_member_id text,
  policy_version text not null,
  valid_to date,
  issued_at timestamptz not null,
  blocked_at timestamptz
);

-- Who bought what the policy asks to register; kept five years.
create table card_buyer (
  buyer_id text primary key,
  data jsonb not null,
  amount_minor bigint not null,
  currency text not null,
  at timestamptz not null,
  keep_to date not null
);

-- ---- referral, draws, benefits ----

create table referral (
  friend_id text primary key,
  referrer_id text not null,
  at timestamptz not null,
  -- The sale that paid.
  first_sale_id text,
  paid_at timestamptz
);
create index referral_by_referrer on referral (referrer_id);

create table draw (
  draw_id text primary key,
  data jsonb not null,
  commitment text not null,
  -- Secret until it is drawn.
  seed text not null,
  created_at timestamptz not null,
  drawn_at timestamptz,
  result jsonb
);
create table draw_ticket (
  draw_id text not null references draw,
  ticket_no int not null,
  member_id text not null,
  ticket_key text not null,
  at timestamptz not null,
  primary key (draw_id, ticket_no),
  unique (draw_id, ticket_key)
);

create table benefit (
  benefit_id text primary key,
  data jsonb not null,
  updated_at timestamptz not null
);
-- Once a period and member, whatever happens.
create table benefit_grant (
  member_id text not null,
  benefit_id text not null,
  period text not null,
  on_date date not null,
  at timestamptz not null,
  primary key (member_id, benefit_id, period)
);
