-- 0171-lens-entries.sql: the few entries that the fraud lens asks for are found without reading whole journals.
create index journal_entry_drawer on journal_entry (received_at) where kind = 'drawer_opened';
