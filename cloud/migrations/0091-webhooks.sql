-- 0091-webhooks.sql: who is told of what happens, what happened, and what became of each delivery.

create table webhook (
  webhook_id text primary key,
  url text not null,
  -- Kinds of events: `sale.booked`, `member.*`, `*`.
  kinds text[] not null,
  -- Of these stores alone; null: of all. An event that is no store's goes to all.
  store_ids text[],
  note text not null,
  -- Signs what is sent; the one before it goes on signing until its time is over.
  secret text not null,
  old_secret text,
  old_secret_until timestamptz,
  -- gone: the receiver said so (410).
  state text not null check (state in ('active', 'paused', 'gone')),
  revision int not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- Written in the transaction that makes the event, when somebody wants it.
create table webhook_event (
  event_no bigint generated always as identity primary key,
  kind text not null,
  -- What makes the same event said again the same.
  dedupe text unique,
  store_id text,
  -- Ids, amounts and words of ours: no personal data.
  data jsonb not null,
  at timestamptz not null
);
create index webhook_event_by_time on webhook_event (at);

create table webhook_delivery (
  webhook_id text not null references webhook on delete cascade,
  event_no bigint not null references webhook_event on delete cascade,
  -- dead: tried for four days, or the receiver is gone.
  state text not null check (state in ('waiting', 'delivered', 'dead')),
  attempts int not null default 0,
  next_at timestamptz not null,
  -- The process that tries it now may be silent so long.
  claimed_until timestamptz,
  delivered_at timestamptz,
  primary key (webhook_id, event_no)
);
create index webhook_delivery_due on webhook_delivery (webhook_id, next_at) where state = 'waiting';
create index webhook_delivery_by_state on webhook_delivery (webhook_id, state, event_no);
create index webhook_delivery_by_event on webhook_delivery (event_no);

create table webhook_attempt (
  webhook_id text not null,
  event_no bigint not null,
  attempt_no int not null,
  at timestamptz not null,
  took_ms int not null,
  -- HTTP status; null: there was no answer.
  status int,
  error text,
  primary key (webhook_id, event_no, attempt_no),
  foreign key (webhook_id, event_no) references webhook_delivery on delete cascade
);
