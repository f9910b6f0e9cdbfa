-- 0077-sealed-facts.sql: custom fields that are sensitive, and words that were said, lie sealed under the key of the member they
-- were of first; whoever erases that key erases them.

alter table custom_field add column is_sensitive boolean not null default false;
-- JSON of the values of a sensitive field; its typed columns are empty, so no segment finds it.
alter table member_field add column sealed text;
-- `text` of an interaction holds subject and text sealed from now on; HQ had no other rows before it was released.
