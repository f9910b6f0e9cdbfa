-- 0002-rules.sql: promotion rule sets as published. A version never changes once it is out: sales name it.
create table rule_set (
  version text primary key,
  data jsonb not null,
  published_at timestamptz not null
);
