-- 0003-money.sql: rights to spend, what they were spent on, vouchers taken, money given back (projections of the journal,
-- cursor 'sale_index'), and payments at a terminal or wallet that are not yet in the journal.

-- Handed to this till by the cloud: it spends no more than this.
create table right_grant (
  key text not null,
  lease_id text not null,
  epoch integer not null,
  granted integer not null check (granted >= 0),
  primary key (key, lease_id)
) without rowid;

-- What each sale took of a right. usable = sum(granted) - sum(amount).
create table right_spent (
  key text not null,
  seq integer not null,
  amount integer not null,
  primary key (key, seq)
) without rowid;

create table voucher_used (
  voucher_no text primary key,
  receipt_no text not null
) without rowid;

-- Given back so far, by original payment: `card:TOKEN`, `wallet:REF`, else `KIND:SALE`. Amounts above zero.
create table tender_back (
  ref text not null,
  seq integer not null,
  amount_minor integer not null,
  points integer not null,
  primary key (ref, seq)
) without rowid;

-- Written before the terminal is asked, gone when the sale is in the journal or the money is back. No pay code, no card number.
-- States: asked, approved, declined, reversing (to be taken back, whatever comes), owed (to be given back, whatever comes).
create table payment (
  request_id text primary key,
  basket_id text not null,
  tender_id text not null,
  kind text not null check (kind in ('card', 'wallet')),
  amount_minor integer not null,
  state text not null check (state in ('asked', 'approved', 'declined', 'reversing', 'owed')),
  reason text,
  -- JSON: what the terminal answered, or on money going back the payment that it is a part of.
  proof text,
  at_ms integer not null
) without rowid;
