-- 0004-returns.sql: units that came back, the keys that receipts of other tills are signed by, and slips of their own.

-- Projection of the journal: lines of goods coming back. Cursor: state 'sale_index'. Amounts are above zero, in the tax mode
-- of the sale that they were sold on; token_minor is what was paid out on nothing but a signed receipt.
create table returned_line (
  seq integer not null,
  line_no integer not null,
  sale_id text not null,
  sold_line_no integer not null,
  qty integer not null,
  net_minor integer not null,
  tax_minor integer not null,
  points integer not null,
  token_minor integer not null,
  business_date text not null,
  primary key (seq, line_no)
) without rowid;
create index returned_line_by_sale on returned_line (sale_id);
create index returned_line_by_token on returned_line (business_date) where token_minor > 0;

-- A sale comes back in as many parts as it has units.
drop index sale_index_by_original;
create index sale_index_by_original on sale_index (refund_of_sale_id) where refund_of_sale_id is not null;

-- From the feed: public keys of the chain's tills.
create table till_key (
  till_code text primary key,
  data text not null
) without rowid;

-- The document of a slip that no journal entry stands for (a hold, a gift receipt); null: drawn from the entry `seq`.
alter table print_job add column doc text;

-- Projected again from the start; what has been printed stays so (state 'spool').
delete from state where name = 'sale_index';
