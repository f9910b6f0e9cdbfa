-- 0100-sync-trust.sql: what the cloud signs with, where its own history stands, journals that follow one another, and what is
-- wrong with a till. Written by cloud/tills, journal_link by cloud/ingest.

alter table cloud_identity
  -- Ed25519, base64 of DER: made at the first start. All processes of one HQ sign with it.
  add column public_key text,
  add column private_key text,
  -- Another one after this database was put back to an older state: cursors of the feed begin anew.
  add column generation text,
  -- Since when; null: never put back.
  add column went_back_at timestamptz,
  -- Of the PostgreSQL cluster that this database was last seen in.
  add column cluster text;

-- One row while it is not known what tills hold, since HQ was put back: nothing is leased until each till has told its whole
-- journal, or a manager has decided. Written by cloud/leases.
create table lease_settling (
  place int primary key default 1 check (place = 1),
  since_at timestamptz not null
);

-- Points in HQ's history that tills have been told. One that is signed by us and not here is of a future that was lost.
create table cloud_mark (
  mark text primary key,
  at timestamptz not null
);

alter table till
  -- Set when two disks speak as one till: nothing is taken until HQ has said which one goes on.
  add column stopped_at timestamptz,
  add column kept_journal_id text,
  -- What it said at its last hello.
  add column heard_generation text,
  add column heard_journal_id text,
  add column heard_seq bigint;

-- Keys that a till had before: its older receipts are signed by them, and a disk that is rescued proves itself by one.
create table till_former_key (
  till_id text not null references till,
  public_key text not null,
  until_at timestamptz not null,
  primary key (till_id, public_key)
);

-- A journal that follows another one of its till: the disk went back in time.
create table journal_link (
  journal_id text primary key,
  till_id text not null references till,
  follows_journal_id text not null,
  base_seq bigint not null,
  base_hash text not null,
  at timestamptz not null
);
create index journal_link_by_follows on journal_link (follows_journal_id);
create index books_cursor_by_till on books_cursor (till_id);

-- Lets a disk that HQ has cut off or replaced push what it still has. Only the hash is kept.
create table rescue_ticket (
  ticket_hash text primary key,
  till_id text not null references till,
  reason text not null,
  expires_at timestamptz not null
);

-- What somebody at HQ must look at, one open row a till and kind.
create table till_alert (
  alert_id bigint generated always as identity primary key,
  -- null: HQ itself.
  till_id text references till,
  kind text not null,
  detail jsonb not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  times int not null default 1,
  closed_at timestamptz,
  closed_why text
);
create unique index till_alert_open on till_alert (coalesce(till_id, ''), kind) where closed_at is null;
create index till_alert_by_time on till_alert (last_at desc);
