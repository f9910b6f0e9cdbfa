-- 0050-leases.sql: rights that tills hold (core/lease). Written by cloud/leases and cloud/books/book-lease alone.

-- One row a right that was ever asked for or spent; its lock is the lock of the right.
-- leased = what is left of its leases; free = balance - leased.
create table right_balance (
  key text primary key,
  -- As the books stood when the right was last asked for or booked.
  balance bigint not null,
  leased bigint not null check (leased >= 0),
  -- All that journals ever spent of it: limits of rules and coupons count by this.
  spent bigint not null check (spent >= 0)
) with (fillfactor = 80);

create table lease (
  lease_id text primary key,
  key text not null,
  till_id text not null references till,
  -- A lease is good in the journal that it was granted to, nowhere else.
  journal_id text not null,
  request_id text not null,
  amount bigint not null check (amount > 0),
  spent bigint not null default 0 check (spent >= 0),
  returned bigint not null default 0 check (returned >= 0),
  purpose text not null check (purpose in ('visit', 'ahead')),
  epoch int not null,
  until_at timestamptz not null,
  state text not null check (state in ('offered', 'held', 'short', 'closed', 'written_off')),
  -- The till was revoked or goes on under another journal: only its journal or a manager frees what is left.
  is_frozen boolean not null default false,
  granted_at timestamptz not null,
  check (spent + returned <= amount),
  unique (till_id, request_id)
);
create index lease_by_journal on lease (journal_id, key) where state <> 'closed';
create index lease_by_key on lease (key) where state in ('offered', 'held', 'short');
create index lease_by_till on lease (till_id) where state in ('offered', 'held', 'short');

-- Who freed what a lost till held, and why.
create table lease_write_off (
  lease_id text primary key references lease,
  amount bigint not null,
  reason text not null,
  at timestamptz not null
);
