-- 0150-sealed-buyer.sql: who bought prepaid cards that are registered lies sealed, under a key of the card's own.

-- JSON of name and document. Rows from before have `data` instead until HQ starts once more.
alter table card_buyer add column sealed text;
alter table card_buyer alter column data drop not null;
