-- 0082-request-keys.sql: idempotency keys of API writes. The same key with the same request gets the answer that is kept here;
-- it is sealed by the key itself, of which HQ keeps the hash: who cannot ask again cannot read it. Kept for a day.
create table request_key (
  caller text not null,
  key_hash text not null,
  fingerprint text not null,
  -- null: under way.
  status int,
  answer text,
  at timestamptz not null,
  primary key (caller, key_hash)
);
create index request_key_by_time on request_key (at);
