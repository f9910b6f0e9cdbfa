-- 0110-ingest-speed.sql: rows of a journal and of sales stay whole in their page up to this size: to press two kilobytes of
-- each sale twice (PostgreSQL's pglz) took more of a processor than all the rest of storing it.
alter table journal_entry set (toast_tuple_target = 8160);
alter table sale set (toast_tuple_target = 8160);
