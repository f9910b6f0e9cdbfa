-- 0200-audit-by-route.sql: changes of one kind of thing, newest first, without reading the whole log.
create index audit_entry_by_route on audit_entry (route, seq);
