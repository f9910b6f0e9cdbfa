-- 0081-audit.sql: the audit log: who wrote what at HQ, when, from where. Rows are only added, each holds the hash of the one
-- before: a row that is changed or taken out breaks the chain. `text` is what is hashed; the columns beside it are for
-- looking up. A write is told twice: `asked` before it is done, `done` with its outcome; asked without done is a crash.
create table audit_entry (
  seq bigint primary key,
  at timestamptz not null,
  phase text not null check (phase in ('asked', 'done')),
  actor_kind text not null,
  actor_id text not null,
  route text not null,
  text text not null,
  hash text not null
);
create index audit_entry_by_actor on audit_entry (actor_id, seq);

create table audit_head (
  only_one boolean primary key default true check (only_one),
  seq bigint not null,
  hash text not null
);
insert into audit_head values (true, 0, repeat('0', 64));

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only added to';
end
$$;
create trigger audit_entry_stays before update or delete on audit_entry
  for each row execute function audit_is_append_only();
create trigger audit_entry_stays_whole before truncate on audit_entry
  for each statement execute function audit_is_append_only();
