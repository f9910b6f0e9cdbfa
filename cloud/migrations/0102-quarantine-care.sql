-- 0102-quarantine-care.sql: entries that were set aside, and what became of them.
alter table quarantine
  add column closed_at timestamptz,
  -- `retried`: it is in the books now. `dismissed`: somebody has said why it is not.
  add column closed_as text check (closed_as in ('retried', 'dismissed')),
  add column closed_why text,
  add column tries int not null default 0;
create index quarantine_open on quarantine (till_id) where closed_at is null;
