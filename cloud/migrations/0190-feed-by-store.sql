-- 0190-feed-by-store.sql: a till's next rows are found by its store. Without it a quiet store's till, whose place is an old one,
-- walks over everything that was published for the others since.
create unique index feed_row_store on feed_row (store_id, pos);
