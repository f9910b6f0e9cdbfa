-- 0103-readiness.sql: how well a till would do with the line down, as it said last (core/readiness).
alter table till
  add column readiness jsonb,
  add column readiness_at timestamptz;
