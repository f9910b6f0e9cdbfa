-- 0140-edit-turn.sql: who is changing something right now: one turn a record, so that comparing what was read with what stands, and
-- writing, are one step also over several processes. A turn that a process took with it into its end is over at `until`.
create table edit_turn (
  record text primary key,
  request text not null,
  until timestamptz not null
);
